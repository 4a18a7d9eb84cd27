"""Screens of the wall (S12): paired by a code, entered by a signature, renewed, never expired."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cases import audit, devices, half_logins, pairing
from cases.errors import NotAllowed, NotKnown
from cases.store import real_now

DAY = timedelta(days=1)


class Screen:
    """A browser that keeps its private key to itself."""

    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self):
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, asked):
        made = self.private.sign(devices.PROOF + asked.encode(), ec.ECDSA(hashes.SHA256()))
        return b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(made))


@pytest.fixture
def at(monkeypatch):
    """Sets the real time of everything that screens depend on."""

    def set_to(moment):
        for module in (devices, pairing, half_logins):
            monkeypatch.setattr(module, "real_now", lambda: moment)

    return set_to


def paired(store, name="指挥中心大屏", **more):
    screen = Screen()
    begun = pairing.begin(store, screen.public, "10.0.0.9", "Chromium")
    return screen, pairing.approve(store, begun.code, name, "the-admin", **more)


def enter(store, screen, device, address="10.0.0.9"):
    asked = devices.challenge(store, device.id)
    return devices.enter(store, device.id, asked, screen.sign(asked), address, "Chromium")


def test_a_code_has_eight_plain_characters_and_stays_the_same_for_its_browser(store):
    screen = Screen()
    first = pairing.begin(store, screen.public, "10.0.0.9", "x")
    assert len(first.code) == 8
    assert set(first.code) <= set(pairing.ALPHABET)
    assert not set("01IO") & set(pairing.ALPHABET)
    assert pairing.begin(store, screen.public, "10.0.0.9", "x").code == first.code
    assert 290 <= first.seconds <= 300


def test_a_code_is_typed_in_any_case_with_blanks_once_and_within_five_minutes(store, at):
    now = real_now()
    at(now)
    code = pairing.begin(store, Screen().public, "10.0.0.9", "x").code
    typed = f" {code[:4].lower()} - {code[4:]} "
    at(now + timedelta(seconds=299))
    assert pairing.approve(store, typed, "一号", "admin").name == "一号"
    with pytest.raises(NotKnown, match="no such code that waits"):
        pairing.approve(store, typed, "二号", "admin")
    at(now)
    late = pairing.begin(store, Screen().public, "10.0.0.9", "x").code
    at(now + timedelta(seconds=301))
    with pytest.raises(NotKnown):
        pairing.approve(store, late, "三号", "admin")


def test_at_most_ten_codes_wait_and_one_address_does_not_fill_them_fast(store, at):
    at(real_now())
    for n in range(10):
        pairing.begin(store, Screen().public, f"10.0.1.{n}", "x")
    assert len(pairing.waiting(store)) == 10
    assert 290 < pairing.begin(store, Screen().public, "10.0.2.1", "x") <= 300


def test_one_address_waits_longer_and_longer_for_new_codes(store, one_moment):
    said = [pairing.begin(store, Screen().public, "10.0.0.9", "x") for _ in range(5)]
    assert [isinstance(each, pairing.Pending) for each in said] == [True] * 3 + [False] * 2


def test_who_guesses_codes_is_slowed_down(store, one_moment):
    for _ in range(3):
        with pytest.raises(NotKnown):
            pairing.approve(store, "AAAAAAAA", "x", "admin")
    with pytest.raises(NotAllowed, match="too many wrong codes"):
        pairing.approve(store, "AAAAAAAA", "x", "admin")


def test_a_screen_enters_by_signing_and_gets_a_key_that_is_good_for_it(store):
    screen, device = paired(store, profile="lcd_7x3", output=2, scenes=["flood"])
    key = enter(store, screen, device)
    found = devices.find(store, key, "10.0.0.9")
    assert (found.name, found.profile, found.output, found.scenes) == (
        "指挥中心大屏", "lcd_7x3", 2, ("flood",),
    )  # fmt: skip
    assert devices.find(store, "x" * 43, "10.0.0.9") is None


def test_another_key_pair_an_old_challenge_and_a_broken_signature_do_not_enter(store, at):
    screen, device = paired(store)
    asked = devices.challenge(store, device.id)
    for signature in (Screen().sign(asked), b"", screen.sign(asked)[:-1], screen.sign("other")):
        with pytest.raises(NotAllowed):
            devices.enter(store, device.id, asked, signature, "10.0.0.9", "x")
        asked = devices.challenge(store, device.id)
    now = real_now()
    at(now + timedelta(seconds=70))
    with pytest.raises(NotAllowed, match="took longer than a minute"):
        devices.enter(store, device.id, asked, screen.sign(asked), "10.0.0.9", "x")


def test_a_challenge_is_good_once_and_for_one_screen(store):
    screen, device = paired(store)
    other, second = paired(store, "另一块")
    asked = devices.challenge(store, device.id)
    with pytest.raises(NotAllowed):
        devices.enter(store, second.id, asked, other.sign(asked), "10.0.0.9", "x")
    with pytest.raises(NotAllowed):
        devices.enter(store, device.id, asked, screen.sign(asked), "10.0.0.9", "x")


def test_after_400_days_and_twenty_loads_the_screen_still_draws(store, at):
    now = real_now()
    at(now)
    screen, device = paired(store)
    key = enter(store, screen, device)
    assert devices.find(store, key, "10.0.0.9")
    for load in range(1, 21):
        at(now + load * 20 * DAY)
        assert devices.find(store, key, "10.0.0.9"), f"refused before load {load}"
        key = devices.renew(store, key)
        assert devices.find(store, key, "10.0.0.9"), f"refused after load {load}"
    at(now + 1000 * DAY)
    assert devices.find(store, key, "10.0.0.9")


def test_a_copied_key_is_over_a_minute_after_the_screens_next_load_and_noted(store, at):
    now = real_now()
    at(now)
    screen, device = paired(store)
    copied = enter(store, screen, device)
    assert devices.find(store, copied, "10.6.6.6")
    at(now + DAY)
    renewed = devices.renew(store, copied)
    assert devices.find(store, renewed, "10.0.0.9")
    at(now + DAY + timedelta(seconds=59))
    assert devices.find(store, copied, "10.6.6.6")  # the screen's other windows may still load
    at(now + DAY + timedelta(seconds=61))
    for _ in range(3):
        assert devices.find(store, copied, "10.6.6.6") is None
    noted = [row for row in audit.recent(store) if row.event == "screen_old_key"]
    assert [(row.subject, row.address) for row in noted] == [("指挥中心大屏", "10.6.6.6")]
    assert devices.by_id(store, device.id).copied_at is not None
    assert (store.var / "audit" / "heads.jsonl").exists()  # the head, outside the database


def test_a_thief_who_renews_first_is_out_when_the_screen_signs_again(store, at):
    now = real_now()
    at(now)
    screen, device = paired(store)
    key = enter(store, screen, device)
    at(now + DAY)
    stolen = devices.renew(store, key)
    assert devices.find(store, stolen, "10.6.6.6")
    at(now + DAY + timedelta(minutes=2))
    assert devices.find(store, key, "10.0.0.9") is None  # noticed: the wall has to sign
    back = enter(store, screen, device)
    assert devices.find(store, back, "10.0.0.9")
    at(now + DAY + timedelta(minutes=4))
    assert devices.find(store, stolen, "10.6.6.6") is None


def test_a_withdrawn_screen_is_out_at_once_and_its_name_is_free(store):
    screen, device = paired(store)
    key = enter(store, screen, device)
    devices.revoke(store, "指挥中心大屏")
    assert devices.find(store, key, "10.0.0.9") is None
    with pytest.raises(NotAllowed, match="withdrawn"):
        enter(store, screen, device)
    with pytest.raises(NotKnown):
        devices.revoke(store, "指挥中心大屏")
    assert paired(store)[1].id != device.id


def test_a_screen_with_a_list_of_addresses_is_good_from_there_only(store):
    screen, device = paired(store, addresses=["10.0.0.9"])
    key = enter(store, screen, device)
    assert devices.find(store, key, "10.0.0.9")
    assert devices.find(store, key, "10.6.6.6") is None
    with pytest.raises(NotAllowed, match=r"10\.0\.0\.9"):
        enter(store, screen, device, "10.6.6.6")


@pytest.mark.parametrize("text", ["", "!!", base64.b64encode(b"\x04" + bytes(64)).decode(), "AAAA"])
def test_what_is_no_key_is_no_screen(text):
    with pytest.raises(NotAllowed, match="is no key"):
        devices.point(text)


def test_names_are_the_screens_own(store):
    paired(store)
    with pytest.raises(NotAllowed, match="is the name of another screen"):
        paired(store)
    with pytest.raises(NotAllowed, match="names no screen"):
        paired(store, "  ")
