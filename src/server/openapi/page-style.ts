/** The style of the page about the API. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;
--bg:light-dark(#fff,#16141a);--soft:light-dark(#f6f4f7,#1f1c25);--line:light-dark(#e1dce4,#38333f);
--ink:light-dark(#221d26,#ece8ef);--dim:light-dark(#645c6b,#a79fae);--accent:light-dark(#86308c,#d98fe0);
--get:light-dark(#146c43,#6fd3a2);--post:light-dark(#1a56b0,#8ab8ff);--patch:light-dark(#8a5300,#f0b95b);--delete:light-dark(#b3261e,#ff9d94)}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code,pre,.m,textarea,input{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.875em}
pre{margin:.5rem 0;padding:.75rem 1rem;overflow:auto;background:var(--soft);border:1px solid var(--line);border-radius:6px;max-height:28rem}
pre code{font-size:.8125rem}
.skip{position:absolute;left:-99em}.skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem}
.page{display:grid;grid-template-columns:15rem minmax(0,54rem);gap:3rem;max-width:76rem;margin:auto;padding:0 1.5rem 6rem}
header{grid-column:1/-1;padding:2.5rem 0 1.25rem;border-bottom:1px solid var(--line)}
h1{margin:0;font-size:1.75rem;letter-spacing:-.02em;line-height:1.2}h1 svg{width:1.7rem;height:1.7rem;vertical-align:-.3rem;margin-right:.5rem;color:var(--accent)}
h1 small{font-size:.875rem;font-weight:400;color:var(--dim);letter-spacing:0;margin-left:.5rem}
header p{margin:.75rem 0 0;max-width:46rem;color:var(--dim)}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:2rem 2px;font-size:.9375rem}
nav ul{list-style:none;margin:0 0 1.25rem;padding:0}nav a{display:block;padding:.25rem .5rem;border-radius:4px;text-decoration:none;color:var(--ink);overflow-wrap:anywhere}
nav a:hover{background:var(--soft);color:var(--accent)}nav summary{display:none;cursor:pointer;font-weight:600;padding:.5rem 0}
nav b{display:block;padding:0 .5rem .25rem;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--dim)}
section{padding-top:2.25rem}h2{margin:0 0 .75rem;font-size:1.3125rem;letter-spacing:-.01em;overflow-wrap:anywhere}h2 code{font-size:.8125rem;font-weight:400;color:var(--dim);margin-left:.5rem}
h3{margin:1.25rem 0 .25rem;font-size:.9375rem}h4{margin:1rem 0 .25rem;font-size:.8125rem;color:var(--dim);font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9375rem}
th{text-align:left;font-size:.8125rem;color:var(--dim);font-weight:600}th,td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td:first-child{white-space:nowrap;min-width:9rem;width:20%}td:last-child{width:40%}.scroll{margin-bottom:1rem}.dim{color:var(--dim)}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 .5rem;font-size:.75rem;color:var(--dim);margin:0 .25rem .125rem 0;white-space:nowrap}
.op{border:1px solid var(--line);border-radius:8px;margin:.5rem 0;background:var(--bg)}.op[open]{border-color:var(--accent)}
.op>summary{display:grid;grid-template-columns:4.25rem minmax(0,1fr) auto;gap:.25rem .5rem;align-items:baseline;padding:.5rem .875rem;cursor:pointer;list-style:none;border-radius:8px}
.op>summary::-webkit-details-marker{display:none}.op>summary:hover{background:var(--soft)}
.op>summary code{overflow-wrap:anywhere}.op>summary span:last-child{color:var(--dim);font-size:.875rem;text-align:right}
.op>div{padding:0 .875rem .875rem;border-top:1px solid var(--line)}
.m{font-weight:700;font-size:.75rem;letter-spacing:.03em}.get{color:var(--get)}.post{color:var(--post)}.patch{color:var(--patch)}.delete{color:var(--delete)}
.op ul{margin:.25rem 0;padding:0;list-style:none}.op li{padding:.125rem 0}
#filter,.try input,.try textarea{width:100%;padding:.5rem .625rem;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px}
#filter{margin-bottom:1.25rem;font-family:inherit}.try{display:grid;gap:.5rem;margin-top:.25rem}.try label{font-size:.8125rem;color:var(--dim)}
.try textarea{min-height:7rem;resize:vertical}button{justify-self:start;padding:.4375rem 1rem;border:0;border-radius:6px;background:var(--accent);color:var(--bg);font:600 .875rem system-ui,sans-serif;cursor:pointer}
[hidden]{display:none!important}
@media(max-width:52rem){.page{grid-template-columns:minmax(0,1fr);gap:0;padding:0 1rem 4rem}header{padding-top:1.5rem}
nav{position:static;max-height:none;padding:.75rem 0;border-bottom:1px solid var(--line)}nav summary{display:list-item}td:first-child{min-width:0}td:last-child{width:auto}
.op>summary{grid-template-columns:3.75rem minmax(0,1fr)}.op>summary span:last-child{grid-column:2;text-align:left}}
@media(min-width:52.01rem){nav details::details-content{content-visibility:visible;display:block}}
@media print{nav,.try{display:none}.page{display:block}}
`;
