"""The catalogue: what every RouterOS version's menus and fields are.

``open_catalogue()`` gives the compiled artefact; ``.schema("7.18.2")`` one version's view of it.
"""
