#!/usr/bin/env python3
"""Makes the PDFs beside it, by hand and without any library; `qpdf` encrypts.

Run it after a change; the tests read what is committed. Everything is drawn with the fonts that every
reader has, so the files stay small. Composite fonts name no font file: their text is what /ToUnicode says.
"""
import os
import subprocess
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))

HELVETICA = dict(zip(map(chr, range(32, 127)), [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584]))

LOREM = (
    "The index holds every chunk of every document that was accepted. A worker takes one job after another, reads the "
    "document, cuts it into chunks and writes them. When a worker dies, another takes its job and goes on where the "
    "last checkpoint stands. Nothing is lost and nothing is done twice. ").strip()


def width(text, size):
    return sum(HELVETICA.get(c, 556) for c in text) * size / 1000


def wrap(text, size, room):
    lines, line = [], ""
    for word in text.split():
        longer = (line + " " + word).strip()
        if width(longer, size) > room and line:
            lines.append(line)
            line = word
        else:
            line = longer
    return lines + [line]


def escape(text):
    data = text.encode("cp1252") if isinstance(text, str) else text
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


class PDF:
    def __init__(self):
        self.objects, self.pages, self.outline = [], [], []
        self.info = {}
        self.catalog_extra = b""
        self.catalog, self.tree = self.add(b""), self.add(b"")
        self.fonts = {
            "F1": self.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"),
            "F2": self.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"),
            "F3": self.add(b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"),
        }

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data, extra=b"", compress=True):
        if compress:
            data, extra = zlib.compress(data, 9), extra + b"/Filter/FlateDecode"
        return self.add(b"<<%s/Length %d>>stream\n%s\nendstream" % (extra, len(data), data))

    def unicode_font(self, name, characters):
        """A font whose code n is the n-th character, known only by its /ToUnicode map."""
        rows = b"".join(b"<%04X><%s>\n" % (i + 1, c.encode("utf-16-be").hex().encode()) for i, c in enumerate(characters))
        cmap = self.stream(
            b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/X def/CMapType 2 def\n"
            b"1 begincodespacerange<0000><FFFF>endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
            % (len(characters), rows))
        descendant = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Any/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/DW 600/FontDescriptor<</Type/FontDescriptor/FontName/Any/Flags 4/FontBBox[0 0 1000 1000]"
            b"/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>>>")
        self.fonts[name] = self.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (descendant, cmap))

    def page(self, content, extra=b"", size=(595, 842)):
        stream = self.stream(content)
        fonts = b"".join(b"/%s %d 0 R" % (n.encode(), o) for n, o in self.fonts.items())
        self.pages.append(self.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Resources<</Font<<%s>>>>/Contents %d 0 R%s>>"
            % (self.tree, size[0], size[1], fonts, stream, extra)))
        return len(self.pages)

    def bookmarks(self):
        """self.outline: (level from 1, title, page from 1, top)."""
        if not self.outline:
            return b""
        root = self.add(b"")
        ids = [self.add(b"") for _ in self.outline]
        parents, stack = [], []
        for level, *_ in self.outline:
            while stack and stack[-1][0] >= level:
                stack.pop()
            parents.append(stack[-1][1] if stack else None)
            stack.append((level, len(parents) - 1))
        kids = {}
        for i, p in enumerate(parents):
            kids.setdefault(p, []).append(i)
        for i, (level, title, page, top) in enumerate(self.outline):
            family = kids[parents[i]]
            at = family.index(i)
            links = b""
            if at:
                links += b"/Prev %d 0 R" % ids[family[at - 1]]
            if at + 1 < len(family):
                links += b"/Next %d 0 R" % ids[family[at + 1]]
            if i in kids:
                links += b"/First %d 0 R/Last %d 0 R/Count %d" % (ids[kids[i][0]], ids[kids[i][-1]], len(kids[i]))
            parent = root if parents[i] is None else ids[parents[i]]
            self.objects[ids[i] - 1] = b"<</Title(%s)/Parent %d 0 R/Dest[%d 0 R/XYZ 0 %d 0]%s>>" % (
                escape(title), parent, self.pages[page - 1], top, links)
        self.objects[root - 1] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (
            ids[kids[None][0]], ids[kids[None][-1]], len(kids[None]))
        return b"/Outlines %d 0 R" % root

    def bytes(self):
        outlines = self.bookmarks()
        self.objects[self.catalog - 1] = b"<</Type/Catalog/Pages %d 0 R%s%s>>" % (self.tree, outlines, self.catalog_extra)
        self.objects[self.tree - 1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
            len(self.pages), b" ".join(b"%d 0 R" % p for p in self.pages))
        info = self.add(b"<<%s>>" % b"".join(b"/%s(%s)" % (k.encode(), escape(v)) for k, v in self.info.items()))
        out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
        return out + b"trailer<</Size %d/Root %d 0 R/Info %d 0 R/ID[<00112233445566778899AABBCCDDEEFF>" \
            b"<00112233445566778899AABBCCDDEEFF>]>>\nstartxref\n%d\n%%%%EOF\n" % (
                len(offsets) + 1, self.catalog, info, start)


class Pen:
    """Writes lines downwards."""

    def __init__(self, y=780):
        self.out, self.y = b"", y

    def line(self, text, x=72, size=10, font="F1", y=None):
        self.out += b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (
            font.encode(), size, x, self.y if y is None else y, escape(text))
        return self

    def para(self, text, x=72, size=10, room=451, lead=1.2, font="F1"):
        for line in wrap(text, size, room):
            self.line(line, x, size, font)
            self.y -= size * lead
        self.y -= size * 0.8
        return self

    def heading(self, text, size, x=72, font="F2"):
        self.y -= size * 0.6
        self.line(text, x, size, font)
        self.y -= size * 1.5
        return self


def codes(text, characters):
    return "".join("%04X" % (characters.index(c) + 1) for c in text).encode()


def save(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def plain():
    pdf = PDF()
    pdf.info = {"Title": "A plain document", "Author": "The fixtures"}
    for number in range(1, 4):
        pen = Pen().para(f"This is page {number} of three. " + LOREM).para("A second paragraph. " + LOREM)
        pdf.page(pen.out)
    return pdf.bytes()


def columns():
    """The right column is drawn first, and neither starts at the same height."""
    pdf = PDF()
    left, right = Pen(700), Pen(712)
    for i in range(1, 7):
        right.para(f"Right {i} begins here. " + LOREM, x=310, room=215)
    for i in range(1, 7):
        left.para(f"Left {i} begins here. " + LOREM, x=72, room=215)
    title = Pen(780).heading("Two columns under one title", 18, x=150)
    foot = Pen(40).line("1", x=295)
    pdf.page(right.out + title.out + left.out + foot.out)
    return pdf.bytes()


def headings():
    pdf = PDF()
    pdf.info = {"Title": "Operating an index"}
    pen = Pen().heading("Operating an index", 24).para(LOREM)
    pen.heading("1 Installing", 16).para(LOREM).heading("1.1 On Debian", 12.5).para(LOREM)
    pdf.page(pen.out)
    pen = Pen().heading("2 Running", 16).para(LOREM).heading("2.1 A rather long heading that needs", 12.5)
    pen.y += 4
    pen.line("more than a single line", 72, 12.5, "F2")
    pen.y -= 20
    pen.para(LOREM)
    pdf.page(pen.out)
    return pdf.bytes()


def outline():
    pdf = PDF()
    for number, title in enumerate(["Alpha", "Beta", "Gamma"], 1):
        pen = Pen().line(title, size=10, font="F2")
        pen.y -= 24
        pen.para(LOREM).line(f"{title} in detail")
        pen.y -= 24
        pen.para(LOREM)
        pdf.page(pen.out)
        pdf.outline += [(1, title, number, 790), (2, f"{title} in detail", number, 700)]
    return pdf.bytes()


def table():
    pdf = PDF()
    pen = Pen().para("Prices of last year, in euros.")
    rows = [("Fruit", "Kilograms", "Price"), ("Apples", "120", "240.00"), ("Pears", "80", "200.50"),
            ("Plums", "7", "21.35"), ("Cherries", "1500", "9000.00")]
    for row in rows:
        for column, cell in enumerate(row):
            pen.line(cell, x=72 + 140 * column)
        pen.y -= 16
    pen.y -= 12
    pen.para("After the table the text goes on. " + LOREM)
    pdf.page(pen.out)
    return pdf.bytes()


def hyphens():
    pdf = PDF()
    pen = Pen()
    for line in ["The engine is durable, and its check-", "points are kept in a data-", "base. A well-known name stays as it",
                 "is, and so does a range such as 10-", "20, or a name like Anglo-", "Saxon."]:
        pen.line(line)
        pen.y -= 12
    pdf.page(pen.out)
    return pdf.bytes()


def ligatures():
    characters = "ﬁﬂﬀﬃ abcdefghiklnoprstuwxyz.２①Ａ\xad"
    pdf = PDF()
    pdf.unicode_font("U", characters)
    lines = ["oﬃce ﬁre ﬂow oﬀ ２①Ａ", "soft hy\xadphen goes. a bro\xad", "ken word is whole"]
    pdf.page(b"".join(b"BT /U 12 Tf 72 %d Td <%s> Tj ET\n" % (700 - 16 * i, codes(line, characters))
                      for i, line in enumerate(lines)))
    return pdf.bytes()


def cjk():
    lines = ["文書を読み込み、索引を作る。", "検索はすぐに使える。"]
    characters = sorted(set("".join(lines)))
    pdf = PDF()
    pdf.unicode_font("U", characters)
    pdf.page(b"".join(
        b"BT /U 12 Tf 72 %d Td <%s> Tj ET\n" % (700 - 18 * i, codes(line, characters)) for i, line in enumerate(lines)))
    return pdf.bytes()


def predefined():
    """East Asian fonts that are only named: reading them needs poppler's own character maps."""
    pdf = PDF()
    content = b""
    for i, (collection, cmap, text, code) in enumerate([
            ("Japan1", "90ms-RKSJ-H", "日本語", "shift_jis"), ("Japan1", "UniJIS-UCS2-H", "検索", "utf-16-be"),
            ("GB1", "GBK-EUC-H", "中文", "gbk"), ("GB1", "UniGB-UCS2-H", "文档", "utf-16-be"),
            ("Korea1", "KSCms-UHC-H", "한국", "cp949"), ("CNS1", "ETen-B5-H", "繁體", "big5")]):
        descendant = pdf.add(
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/X%d/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 2>>"
            b"/FontDescriptor<</Type/FontDescriptor/FontName/X%d/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 800"
            b"/Descent -200/CapHeight 700/StemV 80>>>>" % (i, collection.encode(), i))
        pdf.fonts["C%d" % i] = pdf.add(b"<</Type/Font/Subtype/Type0/BaseFont/X%d/Encoding/%s/DescendantFonts[%d 0 R]>>"
                                       % (i, cmap.encode(), descendant))
        content += b"BT /C%d 12 Tf 72 %d Td <%s> Tj ET\n" % (i, 700 - 18 * i, text.encode(code).hex().encode())
    pdf.page(content)
    return pdf.bytes()


def rtl():
    line = "שלום עולם זה מסמך"
    characters = sorted(set(line))
    pdf = PDF()
    pdf.unicode_font("U", characters)
    # Drawn from left to right, so the last letter comes first.
    pdf.page(b"BT /U 12 Tf 200 700 Td <%s> Tj ET\n" % codes(line[::-1], characters))
    # Words far apart, as in a table: blocks of their own.
    pdf.page(b"".join(b"BT /U 12 Tf %d 700 Td <%s> Tj ET\n" % (400 - 100 * i, codes(word[::-1], characters))
                      for i, word in enumerate(line.split())))
    return pdf.bytes()


def rotated():
    pdf = PDF()
    for angle in (0, 90, 180, 270):
        pdf.page(Pen().para(f"Turned by {angle}. " + LOREM).out, b"/Rotate %d" % angle)
    # Text that is itself turned.
    turned = b"BT /F1 12 Tf 0 1 -1 0 300 200 Tm (Text that climbs the page) Tj ET\n"
    pdf.page(Pen().para(LOREM).out + turned)
    return pdf.bytes()


def links():
    pdf = PDF()
    link = pdf.add(b"<</Type/Annot/Subtype/Link/Rect[72 770 200 790]/Border[0 0 0]/A<</S/URI/URI(https://example.org/)>>>>")
    pdf.page(Pen().para("See the manual at example.org for more.").para(LOREM).out, b"/Annots[%d 0 R]" % link)
    return pdf.bytes()


def form():
    pdf = PDF()
    look = pdf.stream(b"/Tx BMC q BT /F1 10 Tf 2 4 Td (Ada Lovelace) Tj ET Q EMC",
                      b"/Type/XObject/Subtype/Form/BBox[0 0 200 16]/Resources<</Font<</F1 %d 0 R>>>>" % pdf.fonts["F1"])
    field = pdf.add(b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Ada Lovelace)/F 4/Rect[120 776 320 792]"
                    b"/DA(/F1 10 Tf 0 g)/AP<</N %d 0 R>>>>" % look)
    pdf.page(Pen().line("Name:").out, b"/Annots[%d 0 R]" % field)
    pdf.catalog_extra = b"/AcroForm<</Fields[%d 0 R]/DR<</Font<</F1 %d 0 R>>>>>>" % (field, pdf.fonts["F1"])
    return pdf.bytes()


def image():
    pdf = PDF()
    picture = pdf.stream(bytes(range(256)) * 16, b"/Type/XObject/Subtype/Image/Width 64/Height 64/BitsPerComponent 8"
                         b"/ColorSpace/DeviceGray")
    content = pdf.stream(b"q 400 0 0 400 72 200 cm /I Do Q")
    for _ in range(2):
        pdf.pages.append(pdf.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>"
            % (pdf.tree, picture, content)))
    return pdf.bytes()


def bomb():
    """Four hundred pages that all show one page's text: more than a hundred times the file."""
    pdf = PDF()
    pdf.page(b"".join(b"BT /F1 5 Tf 20 %d Td (%s) Tj ET\n" % (830 - 8 * i, b"bomb " * 50) for i in range(100)))
    pdf.pages += [pdf.add(pdf.objects[pdf.pages[0] - 1]) for _ in range(399)]
    return pdf.bytes()


def main():
    made = {"plain": plain(), "columns": columns(), "headings": headings(), "outline": outline(), "table": table(),
            "hyphens": hyphens(), "ligatures": ligatures(), "cjk": cjk(), "cjk-named": predefined(), "rtl": rtl(), "rotated": rotated(),
            "links": links(), "form": form(), "image": image(), "bomb": bomb(), "no-pages": PDF().bytes()}
    for name, data in made.items():
        save(name + ".pdf", data)
    save("truncated.pdf", made["plain"][: len(made["plain"]) // 3])
    save("junk-before.pdf", b"From somebody Mon Jan  1\r\n\r\n" + b"x" * 700 + b"\n" + made["plain"])
    save("empty.pdf", b"")
    for name, user in (("encrypted", "open sesame"), ("owner-only", "")):
        subprocess.run(["qpdf", "--static-id", "--encrypt", user, "owner", "256", "--",
                        f"{HERE}/plain.pdf", f"{HERE}/{name}.pdf"], check=True)


main()
