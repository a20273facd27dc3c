"""What pyxform and openpyxl make of a folder of forms: `python3 peers.py FORMS OUT`.

For each folder of FORMS it writes OUT/<name>.xform, or OUT/<name>.refused with the reason, and,
with the same cells, OUT/<name>.xlsx. Columns that are ours alone are left out of what pyxform
sees: it takes `tag` for another word for `name`.
"""

import csv
import io
import pathlib
import sys

import openpyxl
from pyxform.xls2xform import convert

OURS = ("tag", "min_label", "max_label", "#")


def rows(path):
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def records(table):
    header = table[0] if table else []
    kept = [n for n, name in enumerate(header) if name and not name.startswith(OURS)]
    cells = [{header[n]: row[n] for n in kept if n < len(row) and row[n]} for row in table[1:]]
    return [row for row in cells if row]


def main(forms, out):
    out.mkdir(parents=True, exist_ok=True)
    for folder in sorted(path for path in forms.iterdir() if path.is_dir()):
        sheets = {path.stem: rows(path) for path in sorted(folder.glob("*.csv"))}
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, table in sheets.items():
            sheet = book.create_sheet(name)
            for r, row in enumerate(table, 1):
                for c, text in enumerate(row, 1):
                    if text:
                        # As text, as the form's author is told to: no number, no formula.
                        sheet.cell(r, c, text).data_type = "s"
        try:
            book.save(out / f"{folder.name}.xlsx")
        except Exception as error:
            print(f"{folder.name}: no workbook: {error}")
        try:
            result = convert(xlsform={name: records(table) for name, table in sheets.items()})
            (out / f"{folder.name}.xform").write_text(result.xform, encoding="utf-8")
        except Exception as error:
            (out / f"{folder.name}.refused").write_text(f"{type(error).__name__}: {error}")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
