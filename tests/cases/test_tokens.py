import pytest

from cases import tokens
from cases.errors import NotAllowed, NotKnown


def test_a_token_is_found_until_it_is_revoked(store):
    token = tokens.create(store, "leader", "district")
    assert tokens.find(store, token).role == "leader"
    assert tokens.find(store, token + "x") is None
    tokens.revoke(store, "district")
    assert tokens.find(store, token) is None


def test_a_token_is_kept_only_as_a_hash_and_its_use_is_noted(store):
    token = tokens.create(store, "leader")
    assert token.startswith("hl_")
    assert tokens.every(store)[0].used_at is None
    tokens.find(store, token)
    shown = tokens.every(store)[0]
    assert shown.used_at is not None and token not in repr(shown)


def test_wrong_roles_and_names_are_refused_with_what_there_is(store):
    with pytest.raises(NotAllowed, match="leader, seat, unit, wall, admin, auditor"):
        tokens.create(store, "root")
    tokens.create(store, "leader", "district")
    with pytest.raises(NotAllowed, match="district"):
        tokens.create(store, "admin", "district")
    with pytest.raises(NotKnown, match="district"):
        tokens.revoke(store, "distrikt")
