// Shows openapi.json. Everything is set as text, never as markup.
'use strict';

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const shortName = (reference) => reference.split('/').pop();

// A schema in a few words: `string (uuid)`, `VendorView`, `IndustrySummary[]`, `a | b`.
const words = (schema) => {
  if (!schema) return '';
  if (schema.$ref) return shortName(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) return choices.map(words).join(schema.allOf ? ' & ' : ' | ');
  if (schema.type === 'array') return `${words(schema.items)}[]`;
  const bounds = [
    schema.format,
    schema.minimum !== undefined || schema.maximum !== undefined ? `${schema.minimum ?? ''}…${schema.maximum ?? ''}` : null,
    schema.minLength !== undefined || schema.maxLength !== undefined ? `${schema.minLength ?? 0}…${schema.maxLength ?? ''} characters` : null,
  ].filter(Boolean);
  return (schema.type ?? 'any') + (bounds.length ? ` (${bounds.join(', ')})` : '');
};

const table = (rows) => element('table', {}, ...rows.map((cells) =>
  element('tr', {}, ...cells.map((cell) => element('td', {}, cell instanceof Node ? cell : String(cell ?? ''))))));

const code = (text) => element('code', {}, text);

const bodies = (content) => Object.entries(content ?? {}).map(([type, { schema }]) => `${type}: ${words(schema)}`).join('; ');

const operation = (path, method, described) => {
  const inside = element('div');
  if (described.description) inside.append(element('p', {}, described.description));
  const schemes = (described.security ?? []).flatMap((scheme) => Object.keys(scheme));
  if (schemes.length) inside.append(element('p', { class: 'note' }, `Needs ${schemes.join(' or ')}`));
  if (described.parameters?.length) {
    inside.append(element('h4', {}, 'Parameters'), table(described.parameters.map((parameter) => [
      code(parameter.name), `${parameter.in}${parameter.required ? ', required' : ''}`, words(parameter.schema), parameter.description,
    ])));
  }
  if (described.requestBody) inside.append(element('h4', {}, 'Body'), element('p', {}, code(bodies(described.requestBody.content))));
  inside.append(element('h4', {}, 'Answers'), table(Object.entries(described.responses).map(([status, response]) => [
    code(status), response.description, bodies(response.content),
  ])));
  const head = element('summary', {}, element('span', { class: 'method' }, method.toUpperCase()), code(path), ' ',
    element('span', { class: 'note' }, described.summary ?? ''));
  const details = element('details', { id: described.operationId }, head, inside);
  details.dataset.text = `${method} ${path} ${described.operationId} ${described.summary ?? ''}`.toLowerCase();
  return details;
};

const schema = (name, described) => {
  const required = new Set(described.required ?? []);
  const fields = Object.entries(described.properties ?? {}).map(([field, inner]) => [
    code(field), required.has(field) ? 'required' : '', words(inner), inner.description,
  ]);
  const inside = element('div', {}, element('p', {}, described.description ?? ''), fields.length ? table(fields) : code(words(described)));
  return element('details', { id: `schema-${name}` }, element('summary', {}, code(name)), inside);
};

const show = (description) => {
  const { info, paths, tags, components } = description;
  document.getElementById('about').textContent = info.description ?? info.title;
  const groups = new Map(tags.map((tag) => [tag.name, { tag, operations: [] }]));
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, described] of Object.entries(methods)) {
      groups.get(described.tags[0])?.operations.push(operation(path, method, described));
    }
  }
  for (const { tag, operations } of groups.values()) {
    document.getElementById('operations').append(element('h2', {}, tag.name), element('p', {}, tag.description ?? ''), ...operations);
  }
  document.getElementById('schemas').append(...Object.entries(components.schemas).map(([name, described]) => schema(name, described)));
  document.getElementById('filter').addEventListener('input', (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const details of document.querySelectorAll('#operations details')) details.hidden = !details.dataset.text.includes(wanted);
  });
};

fetch('/api/v1/openapi.json')
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`status ${response.status}`))))
  .then(show)
  .catch((error) => { document.getElementById('about').textContent = `The description could not be loaded: ${error.message}`; });
