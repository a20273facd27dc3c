"""What the published schema says of scripts: `python3 schema.py SCHEMA FOLDER`.

It prints one line for each JSON file of FOLDER: its name, and `fits` or what does not fit.
"""

import json
import pathlib
import sys

import jsonschema

schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sorted(pathlib.Path(sys.argv[2]).glob("*.json")):
    error = next(validator.iter_errors(json.loads(path.read_text(encoding="utf-8"))), None)
    print(path.stem, "fits" if error is None else error.message.replace("\n", " ")[:120])
