// SPDX-License-Identifier: LGPL-2.1-or-later
// validate.js MODULES SCHEMA FILE...: judges YAML files by a JSON Schema with ajv; "valid FILE" or "invalid FILE REASON", one a line.
const fs = require('fs');
const [modules, schemaFile, ...files] = process.argv.slice(2);
const Ajv = require(modules + '/ajv/dist/2020').default;
const YAML = require(modules + '/yaml');

// strictRequired and strictTypes would ask for what is said in another part of the schema; the rest of strict mode stays.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, allErrors: true });
ajv.addKeyword('patternErrorMessage'); // for yaml-language-server
const validate = ajv.compile(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));

function reason(file) {
    const document = YAML.parseDocument(fs.readFileSync(file, 'utf8'), { prettyErrors: false, uniqueKeys: true });
    if (document.errors.length)
        return 'YAML: ' + document.errors[0].message;
    if (validate(document.toJS()))
        return null;
    return validate.errors.map((each) => `${each.instancePath || '/'} ${each.message}`).join('; ');
}

for (const file of files) {
    const why = reason(file);
    console.log(why === null ? `valid ${file}` : `invalid ${file} ${why.replace(/\s+/g, ' ').slice(0, 300)}`);
}
