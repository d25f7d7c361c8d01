"""The verbs by which a host signs in whom it has authenticated itself."""


class SigningIn:
    """Signs people in and out, whatever the road by which the host has proved who they are."""
