"""What a PDF says of itself: its title and languages, which standards it keeps to, and what its colours mean.

The standards are PDF/A-2a (ISO 19005-2, to be kept) and PDF/UA-1 (ISO 14289-1, to be read by anybody). No date is in
it: a document of the same ledger is the same bytes whenever it is written.
"""

import re
import struct
from html import escape

from settlement.statements.document import Document
from settlement.statements.pdf.file import PdfFile, text_string

_CREATOR = "S75 Settlement"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdf:Producer>{creator}</pdf:Producer>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

# IEC 61966-2-1 as an ICC profile (ICC.1:2004-10), in 1/65,536: its primaries as they are seen under D50, how white
# under D65 is seen there, and its tone curve: (a·x + b)^g from d on, c·x before.
_PRIMARIES = {b"rXYZ": (28578, 14581, 912), b"gXYZ": (25241, 46981, 6362), b"bXYZ": (9376, 3974, 46798)}
_D50 = (63190, 65536, 54061)
_ADAPTED = (68674, 1502, -3291, 1939, 64912, -1119, -606, 988, 49262)
_CURVE = (157286, 62119, 3417, 5072, 2651)  # g, a, b, c, d


def info(document: Document, file: PdfFile) -> int:
    """Write the dictionary of older readers; its number. It says what the metadata says."""
    title, author, subject = _said(document)
    return file.add(
        f"<</Title {text_string(title)}/Author {text_string(author)}/Subject {text_string(subject)}"
        f"/Creator {text_string(_CREATOR)}/Producer {text_string(_CREATOR)}>>"
    )


def catalogue_entries(document: Document, file: PdfFile) -> str:
    """Write metadata and profile; what the catalogue says of the whole."""
    title, author, subject = map(escape, _said(document))
    packet = _XMP.format(
        title=title, author=author, subject=subject, language=escape(document.language), creator=escape(_CREATOR)
    )
    metadata = file.number()
    file.put_raw_stream(metadata, packet.encode(), "/Type/Metadata/Subtype/XML")  # to be read as it is, says PDF/A
    profile = file.number()
    file.put_stream(profile, srgb_profile(), "/N 3/Alternate/DeviceRGB")
    return (
        f"/Lang {text_string(document.language)}/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
        f"/Metadata {metadata} 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
        "/OutputConditionIdentifier(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>]"
    )


def _said(document: Document) -> tuple[str, str, str]:
    title = f"{document.title}: {document.subtitle}" if document.subtitle else document.title
    return tuple(  # type: ignore[return-value]
        _in_xml(each) for each in (title, document.author or _CREATOR, " · ".join((*document.running, document.status)))
    )


def _in_xml(text: str) -> str:
    """The text without the characters that no XML may have."""
    return _NOT_IN_XML.sub("", text).strip()


def srgb_profile() -> bytes:
    """The colours of sRGB as an ICC profile of version 4: a matrix, and one curve for all three."""
    curve = b"para\0\0\0\0\0\3\0\0" + struct.pack(">5i", *_CURVE)
    adapted = b"sf32\0\0\0\0" + struct.pack(">9i", *_ADAPTED)
    tags = [(b"desc", _in_english("sRGB IEC61966-2.1")), (b"cprt", _in_english("No copyright, use freely"))]
    tags += [(b"wtpt", _xyz(_D50)), (b"chad", adapted)]
    tags += [(name, _xyz(values)) for name, values in _PRIMARIES.items()]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    begins = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    places: dict[bytes, int] = {}  # the curve is written once
    for name, content in tags:
        if content not in places:
            places[content] = begins + len(data)
            data += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    size = begins + len(data)
    published = (1999, 10, 18, 0, 0, 0)
    head = struct.pack(
        ">I4xI4s4s4s6H4s28x3i48x", size, 0x04200000, b"mntr", b"RGB ", b"XYZ ", *published, b"acsp", *_D50
    )
    return head + table + data


def _xyz(values: tuple[int, int, int]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *values)


def _in_english(text: str) -> bytes:
    written = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enGB", len(written), 28) + written
