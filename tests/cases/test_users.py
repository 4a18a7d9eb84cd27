import pytest

from cases import sessions, users
from cases.errors import NotAllowed, NotKnown

GOOD = "Honglan-2026-x"


@pytest.mark.parametrize(
    "password",
    ["", "short-1A", "alllowercase12", "NOSMALL12345", "a" * 20, "leader-Pass-1", "x" * 129 + "A1"],
)
def test_a_weak_password_is_refused_with_the_rule(store, password):
    with pytest.raises(NotAllowed, match="allowed: 10 to 128"):
        users.add(store, "leader", "leader", password)


@pytest.mark.parametrize(
    "password",
    ["Password2026!", "P@ssw0rd2026", "Admin-12345", "Qwerty-12345", "1qaz2wsx3EDC",
     "Abcdefgh-123", "Honglan@2026", "Welcome-2026!!", "Aa1Aa1Aa1Aa1", "HuaWei@12345",
     "Qwer1234asdf", "Nanjing#2026", "adminADMIN12"],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_refused(store, password):
    with pytest.raises(NotAllowed, match="among those tried first"):
        users.add(store, "zhang", "leader", password)


@pytest.mark.parametrize("password", ["Stone-Lake-2026-a", "xKm3-Tq7w-Pz9r", "塘里三条鱼-虾Ab12"])
def test_a_phrase_of_ones_own_is_taken(store, password):
    users.add(store, "zhang", "leader", password)


@pytest.mark.parametrize("name", ["", "A", "王五", "a b", "../x", "a" * 40, "1st"])
def test_a_strange_name_is_refused(store, name):
    with pytest.raises(NotAllowed):
        users.add(store, name, "leader", GOOD)


def test_a_role_there_is_not_is_refused_with_those_there_are(store):
    with pytest.raises(NotAllowed, match="leader, seat, unit, wall, admin, auditor"):
        users.add(store, "zhang", "root", GOOD)


def test_a_name_can_be_given_once(store):
    users.add(store, "zhang", "leader", GOOD)
    with pytest.raises(NotAllowed, match="taken"):
        users.add(store, "zhang", "admin", GOOD)


def test_only_the_right_password_of_an_open_account_lets_in(store):
    users.add(store, "zhang", "leader", GOOD)
    assert users.authenticate(store, "zhang", GOOD).role == "leader"
    assert users.authenticate(store, "zhang", GOOD + "x") is None
    assert users.authenticate(store, "nobody", GOOD) is None
    users.disable(store, "zhang")
    assert users.authenticate(store, "zhang", GOOD) is None
    users.enable(store, "zhang")
    assert users.authenticate(store, "zhang", GOOD)


def test_passwords_are_kept_as_argon2id_with_the_agreed_cost(store):
    users.add(store, "zhang", "leader", GOOD)
    with store.reading() as connection:
        row = users._row(connection, "zhang")
    assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_of_the_last_five_passwords_is_refused(store):
    users.add(store, "zhang", "leader", GOOD)
    later = [f"Another-Pass-{number}" for number in range(5)]
    for password in later:
        users.set_password(store, "zhang", password)
    for password in later:
        with pytest.raises(NotAllowed, match="before"):
            users.set_password(store, "zhang", password)
    users.set_password(store, "zhang", GOOD)


def test_generated_passwords_are_good_and_never_the_same():
    made = {users.generate_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        users.check_password("leader", password)


@pytest.mark.parametrize("change", ["password", "role", "disable"])
def test_a_change_of_the_account_ends_its_sessions_at_once(store, change):
    zhang = users.add(store, "zhang", "leader", GOOD)
    li = users.add(store, "li", "leader", GOOD)
    mine, other = (sessions.start(store, user.id, user.role) for user in (zhang, li))
    if change == "password":
        users.set_password(store, "zhang", GOOD + "!")
    elif change == "role":
        users.set_role(store, "zhang", "admin")
    else:
        users.disable(store, "zhang")
    assert sessions.find(store, mine) is None
    assert sessions.find(store, other).name == "li"


def test_an_unknown_name_lists_the_known_ones(store):
    users.add(store, "zhang", "leader", GOOD)
    with pytest.raises(NotKnown, match="zhang"):
        users.set_role(store, "zhagn", "admin")
