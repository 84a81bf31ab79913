// Writes docs/openapi.json with camelCase names, for front ends that send "Accept: application/json; case=camel". What they send may have these names
// anyway. Usage: node camel-openapi.mjs ../docs/openapi.json ../.local/openapi-camel.json
//
// Names of members and of query parameters change: the API derives both spellings from one name, so snake_case says all. Paths, values of enumerations and
// names in free JSON (custom_fields, settings, counts by name) stay. Examples are left out, because they are in snake_case.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: node camel-openapi.mjs SOURCE TARGET");
  process.exit(1);
}

const camel = name => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The members of a map, with other names and values. */
const map = (members, name, value) => Object.fromEntries(Object.entries(members).map(([key, member]) => [name(key), value(member)]));

/** Everything but maps of members is walked through as it is. */
function convert(node) {
  if (Array.isArray(node)) {
    return node.map(convert);
  }
  if (node === null || typeof node !== "object") {
    return node;
  }
  const converted = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "example" || key === "examples") {
      continue;
    }
    if (key === "properties") {
      converted[key] = map(value, camel, convert);
    } else if (key === "required" && Array.isArray(value)) {
      converted[key] = value.map(camel);
    } else if (key === "name" && node.in === "query") {
      converted[key] = camel(value);
    } else if (key === "enum" || key === "const" || key === "default") {
      converted[key] = value;
    } else if (key === "encoding") {
      converted[key] = map(value, camel, convert);
    } else {
      converted[key] = convert(value);
    }
  }
  return converted;
}

mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, JSON.stringify(convert(JSON.parse(readFileSync(source, "utf8"))), null, 2) + "\n");
