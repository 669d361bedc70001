"""The style of the pages for people: wide, narrow and dark screens; nothing is loaded from elsewhere."""

from typing import Final

STYLE: Final = """
:root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--tint:#f3f5f7;--link:#0757ba;--get:#0a5fbf;
--post:#1a7f37;--put:#8a5a00;--delete:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#30363d;--paper:#0d1117;--tint:#161b22;
--link:#58a6ff;--get:#58a6ff;--post:#3fb950;--put:#d29922;--delete:#ff7b72}}
*{box-sizing:border-box}html{scroll-padding-top:1rem}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:var(--ink);
background:var(--paper)}a{color:var(--link)}
h2{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1.5rem}h2 code{font-size:1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.875em;background:var(--tint);border-radius:4px}
code{padding:.1em .3em;overflow-wrap:anywhere}pre{padding:.8rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;
margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.94rem}table p{margin:0}
td,th{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}
"""
"""What every page for people has."""

DOCS_STYLE: Final = """
body.docs{max-width:none;margin:0;padding:0;display:grid;grid-template-columns:19rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.25rem;border-right:1px solid var(--line);
font-size:.875rem;background:var(--tint)}
nav h2{font-size:.75rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);border:0;margin:1.1rem 0 .25rem;
padding:0}nav ul{list-style:none;margin:0;padding:0}nav li{margin:.1rem 0}nav a{text-decoration:none;display:block;
padding:.15rem 0}nav a:hover{text-decoration:underline}nav label,nav input{display:none}
main{padding:1.5rem 2.5rem 6rem;max-width:64rem}main>h1{margin:0 0 .5rem}
.group{margin-top:3rem;border-top:2px solid var(--ink);padding-top:1rem}.group>p{color:var(--soft);margin:.25rem 0 0}
.group h2{margin:0;border:0;padding:0}td:last-child{min-width:7.5rem}
article{border:1px solid var(--line);border-radius:8px;padding:1.1rem 1.25rem;margin:1.25rem 0}
article h3{margin:0;font-size:1.15rem}.at{margin:.35rem 0 .6rem}.at code{background:none;padding:0;font-size:.95rem}
.method{font:600 .75rem/1 ui-monospace,monospace;border:1px solid;border-radius:4px;padding:.2rem .4rem;
margin-right:.5rem}
.get{color:var(--get)}.post{color:var(--post)}.put,.patch{color:var(--put)}.delete{color:var(--delete)}
.who{float:right;font-size:.8rem;color:var(--soft);border:1px solid var(--line);border-radius:1rem;padding:.1rem .6rem}
article h4{margin:1.1rem 0 .3rem;font-size:.8rem;text-transform:uppercase;letter-spacing:.04em;color:var(--soft)}
details.answer{border-bottom:1px solid var(--line);padding:.3rem 0}details.answer summary{cursor:pointer}
.status{display:inline-block;min-width:2.6rem;font-weight:600}.bad{color:var(--soft)}
@media(max-width:60rem){body.docs{display:block}nav{position:static;height:auto;border-right:0;
border-bottom:1px solid var(--line);padding:.75rem 1rem}nav label{display:inline;cursor:pointer;font-weight:600}
nav input{display:inline;margin:0 .5rem 0 0}nav div{display:none}nav input:checked~div{display:block}
main{padding:1rem 1rem 4rem}article{padding:.9rem}.who{float:none;display:inline-block;margin-bottom:.4rem}
td:last-child::before{content:"e.g. "}
table,tbody,tr,td{display:block}tr:first-child:has(th){display:none}td{border:0;padding:.1rem 0}
tr{border-bottom:1px solid var(--line);padding:.5rem 0;display:block}}
"""
"""What ``/docs`` has besides: the list of operations at the side, on narrow screens at the top, to be opened."""

FORM_STYLE: Final = """
:root{color-scheme:light dark}
body.form{max-width:38rem;margin:0 auto;padding:1.5rem 1rem 3rem}body.form h1{font-size:1.6rem;line-height:1.25;
margin:.25rem 0 1rem}.brand{color:var(--soft);font-size:.875rem;letter-spacing:.04em;margin:0}
form{margin:1.25rem 0}fieldset{border:1px solid var(--line);border-radius:8px;margin:0 0 1rem;padding:.5rem 1rem 1rem}
legend{font-weight:600;padding:0 .4rem}label,.label{display:block;margin:.6rem 0 0;font-size:.94rem;color:var(--soft)}
select,input:not([type=checkbox]){display:block;width:100%;font:inherit;color:var(--ink);background:var(--paper);
border:1px solid var(--line);border-radius:6px;padding:.45rem .6rem;margin-top:.2rem}
.row{display:grid;gap:0 1rem;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr))}
.boxes{display:grid;gap:.1rem 1rem;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
label.box{margin:0;padding:.3rem 0;color:var(--ink);display:flex;gap:.6rem;align-items:baseline;overflow-wrap:anywhere}
input[type=checkbox]{width:1.05rem;height:1.05rem;flex:none;accent-color:var(--link);transform:translateY(.15rem)}
form>label{margin-bottom:1rem}details{margin-top:.4rem}summary{cursor:pointer;color:var(--link);padding:.3rem 0}
button{font:inherit;font-weight:600;color:#fff;background:#0757ba;border:0;border-radius:8px;padding:.65rem 1.2rem;
cursor:pointer}button.stop{background:#b42318}@media(max-width:30rem){button{width:100%}}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.good,.bad{border-left:4px solid var(--post);background:var(--tint);padding:.6rem 1rem;border-radius:0 6px 6px 0}
.bad{border-color:var(--delete)}.bad p{margin:0}.bad ul{margin:.3rem 0 0;padding-left:1.2rem}
"""
"""What pages with a form have beside."""
