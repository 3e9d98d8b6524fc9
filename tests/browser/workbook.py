"""Workbooks by somebody else's hand: Python's own zip and XML, which know nothing of ours.

`workbook.py write` makes of the JSON on its input a workbook as spreadsheets write them (packed, with shared texts and styles), on its
output. `workbook.py read FILE` tells in JSON what is in one: its parts must be whole XML, and every cell says what it is.
"""

import json
import sys
import zipfile
from datetime import date, time
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# Styles by place: as it comes, day, hour.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/></numFmts>'
    "<cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>"
)


def letters(column):
    column, name = column + 1, ""
    while column:
        column, left = divmod(column - 1, 26)
        name = chr(65 + left) + name
    return name


def cell(place, value, shared):
    if isinstance(value, dict) and "day" in value:
        days = (date.fromisoformat(value["day"]) - date(1899, 12, 30)).days
        return f'<c r="{place}" s="1"><v>{days}</v></c>'
    if isinstance(value, dict) and "hour" in value:
        hour = time.fromisoformat(value["hour"])
        return f'<c r="{place}" s="2"><v>{(hour.hour * 60 + hour.minute) / 1440!r}</v></c>'
    if isinstance(value, dict):
        return f'<c r="{place}" t="str"><f>{escape(value["formula"])}</f><v>{escape(value["value"])}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if value not in shared:
        shared[value] = len(shared)
    return f'<c r="{place}" t="s"><v>{shared[value]}</v></c>'


def write(book, out):
    shared, parts, sheets, related = {}, {}, "", ""
    for number, sheet in enumerate(book, 1):
        rows = ""
        for at, values in enumerate(sheet["rows"], 1):
            cells = "".join(cell(letters(c) + str(at), v, shared) for c, v in enumerate(values) if v != "")
            rows += f'<row r="{at}">{cells}</row>'
        merged = "".join(f'<mergeCell ref="{place}"/>' for place in sheet.get("merged", []))
        merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{merged}</worksheet>'
        )
        state = ' state="hidden"' if sheet.get("hidden") else ""
        sheets += f'<sheet name={quoteattr(sheet["name"])} sheetId="{number}"{state} r:id="rId{number}"/>'
        related += f'<Relationship Id="rId{number}" Type="{KINDS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{texts}</sst>'
    parts["xl/styles.xml"] = STYLES
    parts["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{KINDS}"><sheets>{sheets}</sheets></workbook>'
    related += f'<Relationship Id="t" Type="{KINDS}/sharedStrings" Target="sharedStrings.xml"/>'
    related += f'<Relationship Id="f" Type="{KINDS}/styles" Target="/xl/styles.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


def read(path):
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None, "a part is damaged"
        parts = {name: ElementTree.fromstring(packed.read(name)) for name in packed.namelist()}
    declared = {one.get("PartName", "").lstrip("/") for one in parts["[Content_Types].xml"]}
    assert {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"} <= declared, declared
    formats = [int(one.get("numFmtId")) for one in parts["xl/styles.xml"].find(f"{{{MAIN}}}cellXfs")]
    sheet = parts["xl/worksheets/sheet1.xml"]
    rows = []
    for row in sheet.iter(f"{{{MAIN}}}row"):
        cells = {}
        for one in row:
            assert one.find(f"{{{MAIN}}}f") is None, "a formula"
            told = {"format": formats[int(one.get("s", "0"))]}
            if one.get("t") == "inlineStr":
                told["text"] = "".join(one.find(f"{{{MAIN}}}is").itertext())
            else:
                told["number"] = float(one.find(f"{{{MAIN}}}v").text)
            cells[one.get("r").rstrip("0123456789")] = told
        rows.append(cells)
    pane = sheet.find(f".//{{{MAIN}}}pane")
    name = parts["xl/workbook.xml"].find(f".//{{{MAIN}}}sheet").get("name")
    return {"name": name, "frozen": pane.get("state") == "frozen" and pane.get("ySplit") == "1", "rows": rows}


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(json.load(sys.stdin), sys.stdout.buffer)
    else:
        json.dump(read(sys.argv[2]), sys.stdout)
