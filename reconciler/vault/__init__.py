"""The only place with keys: seal, open, fingerprint, sign, verify.

    vault.key    the fleet's key ring: seals secrets kept in the store, fingerprints secret values
    keys/NAME    a person's signing key, protected by a passphrase

Both lie in ``$XDG_DATA_HOME/plumbline`` and never leave this room.
"""
