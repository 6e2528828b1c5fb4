#include "api/rest/docs_page.h"

namespace yard::rest {

std::string_view DocsPage() {
    return R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockyard API</title>
<style>
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
h2 { border-bottom: 1px solid #ccc; margin-top: 2rem; }
details { border: 1px solid #ddd; border-radius: 4px; margin: .4rem 0; padding: .4rem .6rem; }
summary { cursor: pointer; }
code, pre, textarea, input { font: 13px/1.4 ui-monospace, monospace; }
pre { background: #f5f5f5; max-height: 24rem; overflow: auto; padding: .6rem; }
textarea { box-sizing: border-box; min-height: 6rem; width: 100%; }
label { display: block; margin: .3rem 0; }
.method { display: inline-block; font-weight: bold; width: 4.5rem; }
#token { width: 100%; box-sizing: border-box; }
</style>
</head>
<body>
<h1>Blockyard API</h1>
<p>The document behind this page is <a href="/openapi.json">/openapi.json</a>.</p>
<label>Access token for calls from this page
<input id="token" type="password" autocomplete="off"></label>
<main id="operations">Loading…</main>
<script>
"use strict";
const element = (tag, text, parent) => {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (parent) parent.append(made);
  return made;
};

// A value that has the shape of `schema`; `depth` ends types that contain themselves.
function example(schema, components, depth = 0) {
  if (!schema || depth > 6) return null;
  if (schema.$ref) {
    return example(components[schema.$ref.split("/").pop()], components, depth + 1);
  }
  if ("default" in schema) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return example(schema.anyOf[0], components, depth + 1);
  if (schema.type === "array") return [];
  if (schema.type === "object") {
    const made = {};
    for (const [name, member] of Object.entries(schema.properties || {})) {
      if (!member.readOnly) made[name] = example(member, components, depth + 1);
    }
    return made;
  }
  return { string: "", integer: 0, number: 0, boolean: false }[schema.type] ?? null;
}

async function call(method, path, operation, inputs, body, output) {
  const query = new URLSearchParams();
  let target = path;
  for (const [parameter, input] of inputs) {
    if (parameter.in === "path") {
      target = target.replace("{" + parameter.name + "}", encodeURIComponent(input.value));
    } else if (input.value !== "") {
      query.append(parameter.name, input.value);
    }
  }
  if ([...query].length) target += "?" + query;
  const headers = {};
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = "Bearer " + token;
  if (body) headers["Content-Type"] = "application/json";
  output.textContent = "…";
  try {
    const answer = await fetch(target, {
      method: method.toUpperCase(), headers, body: body ? body.value : undefined });
    let text = await answer.text();
    try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* Shown as it is. */ }
    output.textContent = answer.status + " " + answer.statusText + "\n" + text;
  } catch (fault) {
    output.textContent = String(fault);
  }
}

function show(method, path, operation, components, parent) {
  const box = element("details", "", parent);
  const head = element("summary", "", box);
  element("span", method.toUpperCase(), head).className = "method";
  element("code", path, head);
  element("span", " " + (operation.summary || ""), head);
  if (operation.description) element("p", operation.description, box);
  const inputs = (operation.parameters || []).map((parameter) => {
    const label = element("label", parameter.name + " (" + parameter.in + ") ", box);
    const input = element("input", "", label);
    input.value = parameter.schema.default ?? "";
    return [parameter, input];
  });
  let body = null;
  const content = operation.requestBody?.content?.["application/json"];
  if (content) {
    body = element("textarea", "", element("label", "Body", box));
    body.value = JSON.stringify(example(content.schema, components), null, 2);
  }
  const button = element("button", "Call", box);
  const output = element("pre", "", box);
  output.hidden = true;
  button.onclick = () => {
    output.hidden = false;
    call(method, path, operation, inputs, body, output);
  };
  element("p", "Answers: " + Object.keys(operation.responses).join(", "), box);
}

fetch("/openapi.json").then((answer) => answer.json()).then((api) => {
  const main = document.getElementById("operations");
  main.textContent = "";
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = (operation.tags || []).at(-1) || "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push([method, path, operation]);
    }
  }
  for (const [tag, operations] of [...groups].sort()) {
    element("h2", tag, main);
    for (const entry of operations) show(...entry, api.components.schemas, main);
  }
});
</script>
</body>
</html>
)html";
}

}  // namespace yard::rest
