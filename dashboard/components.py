"""A component as Dash writes it down, without asking it for each property it might have.

A page or a scene has thousands of them, each with up to forty properties it does not use.
"""

from __future__ import annotations

from typing import Any, Final

from dash.development.base_component import Component

# of the component, not its data; names that begin with _ are Dash's own too
_OWN: Final = frozenset({"available_properties", "available_wildcard_properties"})


def described(one: Component) -> dict[str, Any]:
    """Its given properties, type and namespace; what lies in the properties is left as it is."""
    props = {
        name: given
        for name, given in vars(one).items()
        if not name.startswith("_") and name not in _OWN
    }
    return {"props": props, "type": one._type, "namespace": one._namespace}
