"""What hostile people would put on paper (S-4): reads of files and of other machines, and texts without an end."""

from base64 import b64encode

SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'>{}</svg>"


def _data(kind: str, content: str) -> str:
    return f"data:{kind};base64,{b64encode(content.encode()).decode()}"


def attacks(web: str, file: str) -> dict[str, str]:
    """Return documents that each try to read a canary: an address of this machine, or a file of its."""
    return {
        "image from the web": f"<img src='{web}'>",
        "image that is elsewhere": f"<img src='{web}redirect'>",
        "image that is a file": f"<img src='{web}to-file'>",
        "image by case": f"<img src='HtTp://{web[7:]}'>",
        "file": f"<img src='{file}'>",
        "file by case": f"<img src='FILE://{file[7:]}'>",
        "file of this machine": f"<img src='file://localhost{file[7:]}'>",
        "path": f"<img src='{file[7:]}'>",
        "attached": f"<link rel=attachment href='{file}'><p>x",
        "attached from the web": f"<link rel=attachment href='{web}'><p>x",
        "attached by a link": f"<a rel=attachment href='{file}'>x</a>",
        "stylesheet": f"<link rel=stylesheet href='{web}'><p>x",
        "stylesheet of a file": f"<link rel=stylesheet href='{file}'><p>x",
        "import": f"<style>@import url({web});</style><p>x",
        "import of a file": f"<style>@import '{file}';</style><p>x",
        "import in an address": f"<link rel=stylesheet href='{_data('text/css', f'@import url({web});')}'>",
        "background": f"<p style='background:url({web})'>x",
        "mark of a list": f"<ul style='list-style-image:url({file})'><li>x</ul>",
        "content": f"<style>p::before{{content:url({web})}}</style><p>x",
        "border": f"<p style='border:9px solid;border-image:url({web}) 3'>x",
        "font": f"<style>@font-face{{font-family:f;src:url({web})}}p{{font-family:f}}</style><p>x",
        "font of a file": f"<style>@font-face{{font-family:f;src:url({file})}}p{{font-family:f}}</style><p>x",
        "colours": f"<style>@color-profile --p{{src:url({file})}}p{{color:color(--p 1 0 0)}}</style><p>x",
        "drawing": SVG.format(f"<image href='{web}' width='9' height='9'/>"),
        "drawing of a file": SVG.format(f"<image xlink:href='{file}' width='9' height='9'/>"),
        "part of another drawing": SVG.format(f"<use href='{web}#a'/>"),
        "drawing in an address": f"<img src=\"{_data('image/svg+xml', SVG.format(f'<image href={chr(34)}{web}{chr(34)} width={chr(34)}9{chr(34)} height={chr(34)}9{chr(34)}/>'))}\">",  # noqa: E501
        "entity": f"<img src='{_data('image/svg+xml', f'<!DOCTYPE s [<!ENTITY x SYSTEM {chr(34)}{file}{chr(34)}>]>' + SVG.format('<text>&x;</text>'))}'>",  # noqa: E501
        "include": f"<div xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{file}' parse='text'/></div>",
        "object": f"<object data='{file}'></object><embed src='{web}'><iframe src='{web}'></iframe>",
        "base": f"<base href='{web}'><img src='x'>",
        "program": "<img src='data:image/eps;base64," + b64encode(
            f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n({file[7:]}) (r) file\n%%EOF\n".encode()
        ).decode() + "'>",
    }  # fmt: skip


# How many of them a fetcher that fetches would have let through, at least: what the test would find.
WOULD_READ = 16

_NESTED = "<div>" * 3_000 + "x"
_GRADIENT = "<defs><g id='a0'><rect width='1' height='1'/></g>{}</defs><use href='#a9'/>"
BOMBS = {
    "endless pages": "<p style='break-after:page'>x</p>" * 40_000,
    "nested": _NESTED,
    "drawing that holds itself ten times": SVG.format(
        _GRADIENT.format("".join(f"<g id='a{n}'>{f'''<use href='#a{n - 1}'/>''' * 10}</g>" for n in range(1, 10)))
    ),
    "huge paper": "<style>@page{size:9999999cm 9999999cm}</style><p style='font-size:99999cm'>x",
    "columns": "<div style='columns:900'>" + "word " * 90_000 + "</div>",
}
