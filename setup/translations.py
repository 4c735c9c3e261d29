"""Update i18n/<addon>.pot and pt_BR.po of each addon; used by setup/translations."""

import os
import subprocess
import sys

import polib
import templates

LANGUAGE = "pt_BR"


def main(fragments):
    known = {}
    for path in fragments:
        known |= {e.msgid: e.msgstr for e in polib.pofile(path) if e.translated()}
    database = f"{templates.run_name()}_i18n"
    templates.copy_database(templates.ensure_test(), database)
    try:
        missing = [
            source
            for addon, folder in templates.find_addons().items()
            for source in update(addon, folder / "i18n", database, known)
        ]
    finally:
        templates.drop_database(database)
    for source in missing:
        print(f"without translation: {source!r}")
    return 1 if missing else 0


def update(addon, folder, database, known):
    """Write both files of an addon; return the sources without a translation."""
    folder.mkdir(exist_ok=True)
    template_path = folder / f"{addon}.pot"
    subprocess.run(
        [
            os.environ["CONTRACT_ODOO"],
            *("i18n", "export", "-d", database, "-o", str(template_path), addon),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    path = folder / f"{LANGUAGE}.po"
    old = polib.pofile(str(path)) if path.exists() else []
    # a fragment written for one addon changes no word chosen for another
    translated = known | {e.msgid: e.msgstr for e in old if e.translated()}
    catalog = polib.pofile(str(template_path))
    catalog.metadata |= {
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in catalog:
        entry.msgstr = translated.get(entry.msgid, "")
    catalog.save(str(path))
    return [entry.msgid for entry in catalog.untranslated_entries()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
