#include "app/pages/outbox_page.h"

#include <kainjow/mustache.hpp>

#include "codec/percent.h"

namespace cardea {

namespace {

namespace mustache = kainjow::mustache;

// Every value is escaped: the forms that would not be have no place here.
constexpr const char* kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{#count}}({{count}}) {{/count}}Outbox – Cardea</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_dev/outbox.css">
<noscript><meta http-equiv="refresh" content="5"></noscript>
<script src="/_dev/outbox.js" defer></script>
</head>
<body>
<header>
<h1>Outbox</h1>
<p>What Cardea sent, newest first. Nothing left this machine.</p>
<form method="get" action="/_dev/" role="search">
<label for="to">Only to</label>
<input id="to" name="to" value="{{to}}" placeholder="ada@example.com or +15555550100" autocomplete="off" spellcheck="false">
<button>Show</button>{{#to}} <a href="/_dev/">Show all</a>{{/to}}
</form>
</header>
<main id="messages">
{{^messages}}
<p class="empty">{{#to}}Nothing was sent to {{to}} yet.{{/to}}{{^to}}No message yet. Sign somebody up, and the code appears here.{{/to}}</p>
{{/messages}}
{{#messages}}
<article>
<header>
<span class="channel">{{channel}}</span>
<a class="to" href="/_dev/?to={{to_query}}">{{recipient}}</a>
<time datetime="{{at}}">{{at_text}}</time>
</header>
{{#subject}}<h2>{{subject}}</h2>{{/subject}}
<p class="body">{{body}}</p>
{{#code}}<p class="code"><span>Code</span> <code>{{code}}</code></p>{{/code}}
</article>
{{/messages}}
</main>
</body>
</html>
)html";

constexpr std::string_view kStyle = R"css(:root {
    color-scheme: light dark;
    --ground: #f6f7f9; --card: #ffffff; --ink: #1b2330; --quiet: #586274; --line: #d8dde5;
    --accent: #0b57a4; --tag: #e6eef8; --code: #eef5ea; --code-ink: #1d5c1a;
}
@media (prefers-color-scheme: dark) {
    :root {
        --ground: #12161c; --card: #1b212a; --ink: #e7ebf1; --quiet: #9fabbd; --line: #313a47;
        --accent: #8abdf5; --tag: #24364d; --code: #1e3320; --code-ink: #a4e09d;
    }
}
* { box-sizing: border-box; }
body {
    margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem 4rem;
    background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 0.5rem 0 0; font-size: 1.05rem; }
a { color: var(--accent); }
body > header > p { margin: 0.25rem 0 1rem; color: var(--quiet); }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-bottom: 1.5rem; }
input {
    flex: 1 1 14rem; min-width: 0; padding: 0.45rem 0.6rem; font: inherit;
    color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 0.4rem;
}
button {
    padding: 0.45rem 1rem; font: inherit; cursor: pointer;
    color: var(--card); background: var(--accent); border: 0; border-radius: 0.4rem;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
article {
    margin-bottom: 1rem; padding: 0.9rem 1rem;
    background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem;
}
article header { display: flex; flex-wrap: wrap; gap: 0.3rem 0.75rem; align-items: baseline; }
.channel {
    padding: 0.05rem 0.45rem; font-size: 0.75rem; font-weight: 600; letter-spacing: 0.04em;
    background: var(--tag); border-radius: 0.3rem;
}
.to { font-weight: 600; overflow-wrap: anywhere; }
time { margin-left: auto; color: var(--quiet); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.body { margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.code { margin: 0.75rem 0 0; }
.code span { color: var(--quiet); font-size: 0.85rem; margin-right: 0.4rem; }
code {
    padding: 0.2rem 0.6rem; font: 600 1.3rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere;
    color: var(--code-ink); background: var(--code); border-radius: 0.4rem; user-select: all;
}
.empty { padding: 3rem 1rem; text-align: center; color: var(--quiet); border: 2px dashed var(--line); border-radius: 0.6rem; }
)css";

constexpr std::string_view kScript = R"js('use strict';
// Every two seconds, while somebody looks: fetch this page again and put its list in the place of the old one.
async function refresh() {
    if (document.hidden) return;
    try {
        const answer = await fetch(location.href, {cache: 'no-store'});
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const list = fresh.getElementById('messages');
        const shown = document.getElementById('messages');
        if (!list || list.innerHTML === shown.innerHTML) return;
        shown.replaceWith(list);
        document.title = fresh.title;
    } catch {
        // The server is gone: the next turn looks again.
    }
}
setInterval(refresh, 2000);
document.addEventListener('visibilitychange', refresh);
)js";

mustache::data Optional(const std::string& text) { return text.empty() ? mustache::data(false) : mustache::data(text); }

mustache::data ToTemplate(const Outbox::Entry& entry) {
    const Message& message = entry.message;
    const std::string at = ToIso8601(entry.at);
    mustache::data out;
    out.set("channel", std::string(NameOf(message.medium)));
    out.set("recipient", message.to);
    out.set("to_query", PercentEncode(message.to));
    out.set("at", at);
    out.set("at_text", at.substr(0, 10) + " " + at.substr(11, 8) + " UTC");
    out.set("subject", Optional(message.subject));
    out.set("body", std::string(message.body.Reveal()));
    out.set("code", Optional(std::string(message.code.Reveal())));
    return out;
}

}  // namespace

std::string RenderOutboxPage(std::span<const Outbox::Entry> entries, std::string_view to) {
    mustache::data messages{mustache::data::type::list};
    for (const Outbox::Entry& entry : entries) messages << ToTemplate(entry);
    mustache::data root;
    root.set("to", Optional(std::string(to)));
    root.set("count", Optional(entries.empty() ? "" : std::to_string(entries.size())));
    root.set("messages", messages);
    return mustache::mustache(kPage).render(root);
}

std::string_view OutboxStyle() { return kStyle; }
std::string_view OutboxScript() { return kScript; }

}  // namespace cardea
