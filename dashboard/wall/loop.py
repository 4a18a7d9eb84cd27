"""One loop for each window of the wall."""


async def run() -> None:
    return None
