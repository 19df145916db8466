// SPDX-License-Identifier: LGPL-2.1-or-later
// exchange.js MODULES SCHEMAS: what an editor hears from yaml-language-server about rules and snapshots. "ok NAME", "not ok NAME".
const { spawn } = require('child_process');
const path = require('path');
const [modules, schemas] = process.argv.slice(2).map((each) => path.resolve(each));

const server = spawn(process.execPath, [modules + '/yaml-language-server/bin/yaml-language-server', '--stdio'],
    { stdio: ['pipe', 'pipe', 'ignore'] });
const waiting = new Map(); // id -> resolve
const problems = new Map(); // uri -> resolve
let buffered = Buffer.alloc(0);
let lastId = 0;
let failed = false;

function send(message) {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function request(method, params) {
    const id = ++lastId;
    send({ id, method, params });
    return new Promise((resolve) => waiting.set(id, resolve));
}

function notify(method, params) {
    send({ method, params });
}

function receive(message) {
    if (message.id !== undefined && message.method)
        send({ id: message.id, result: message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null });
    else if (message.id !== undefined && waiting.has(message.id))
        waiting.get(message.id)(message.result);
    else if (message.method === 'textDocument/publishDiagnostics' && problems.has(message.params.uri))
        problems.get(message.params.uri)(message.params.diagnostics);
}

server.stdout.on('data', (data) => {
    buffered = Buffer.concat([buffered, data]);
    for (;;) {
        const end = buffered.indexOf('\r\n\r\n');
        const length = end < 0 ? NaN : Number(/Content-Length: (\d+)/i.exec(buffered.toString('latin1', 0, end))[1]);
        if (!(buffered.length >= end + 4 + length))
            return;
        const text = buffered.toString('utf8', end + 4, end + 4 + length);
        buffered = buffered.subarray(end + 4 + length);
        receive(JSON.parse(text));
    }
});

function check(name, holds, got) {
    console.log(`${holds ? 'ok' : 'not ok'} editor: ${name}`);
    if (!holds)
        console.log('    got: ' + JSON.stringify(got).slice(0, 600));
    failed ||= !holds;
}

// Opens a document that names its schema; a bar in the text is where the cursor stands.
function open(name, schema, body) {
    const text = `# yaml-language-server: $schema=file://${schemas}/${schema}\n${body}`;
    const at = text.indexOf('¦');
    const before = text.slice(0, at).split('\n');
    const uri = `file:///${name}`;
    const found = new Promise((resolve) => problems.set(uri, resolve));
    notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text: text.replace('¦', '') } });
    return { found, place: { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1).length } } };
}

async function labels(name, schema, body) {
    const { place } = open(name, schema, body);
    const result = await request('textDocument/completion', place);
    return (result.items || result).map((item) => item.label);
}

async function hover(name, schema, body) {
    const { place } = open(name, schema, body);
    const result = await request('textDocument/hover', place);
    return result ? [].concat(result.contents.value || result.contents).join('\n') : '';
}

async function offers(title, wanted, name, schema, body) {
    const got = await labels(name, schema, body);
    check(title, wanted.every((each) => got.includes(each)), got);
}

async function run() {
    await request('initialize', {
        processId: process.pid, rootUri: null,
        capabilities: { textDocument: { completion: { completionItem: { snippetSupport: false } }, hover: {}, publishDiagnostics: {} } },
    });
    notify('initialized', {});
    notify('workspace/didChangeConfiguration', {
        settings: { yaml: { completion: true, hover: true, validate: true, schemaStore: { enable: false } } },
    });
    const rule = 'rule.schema.json';
    await offers('completion of the keys of a rule', ['facts', 'emit', 'checks', 'paths', 'available'], 'top.yaml', rule,
        'rule: top\n¦\n');
    await offers('completion in a fact: sources, extracts, modifiers', ['file', 'glob', 'ioctl', 'match', 'where', 'sort'],
        'fact.yaml', rule, 'rule: fact\nfacts:\n  device:\n    ¦\n');
    await offers('completion in an emit entry', ['for', 'at', 'set', 'when'], 'emit.yaml', rule, 'rule: emit\nemit:\n  - ¦\n');
    await offers('completion of a choice', ['char', 'socket'], 'choice.yaml', rule,
        'rule: choice\nfacts:\n  device:\n    file: /dev/null\n    type: ¦\n');
    const source = await hover('hover.yaml', rule, 'rule: hover\nfacts:\n  device:\n    fi¦le: /dev/null\n');
    check('hover on a source', source.includes('One row if the file exists') && source.includes('absolute path of the file'), source);
    const modifier = await hover('hover2.yaml', rule, 'rule: hover2\nfacts:\n  device:\n    file: /dev/null\n    so¦rt: path\n');
    check('hover on a modifier', modifier.includes('compares versions'), modifier);
    const good = await open('good.yaml', rule, 'rule: good\nfacts:\n  device: {file: /dev/null}\navailable: device\n¦').found;
    check('no problem in a good rule', good.length === 0, good);
    const bad = await open('bad.yaml', rule, "rule: bad\nfacts:\n  device: {flie: '/dev/${null'}\n¦").found;
    check('a misspelt key is a problem at its place', bad.some((each) => /flie/.test(each.message) && each.range.start.line === 3), bad);
    const snapshot = 'snapshot.schema.json';
    await offers('completion of the keys of a snapshot', ['nodes', 'ioctl', 'cpuid', 'exec', 'uname'], 'snapshot.yaml', snapshot,
        'hvprobe-snapshot: 1\n¦\n');
    const node = await hover('node.yaml', snapshot, 'hvprobe-snapshot: 1\nnodes:\n  - {path: /dev/null, acc¦ess: rw}\n');
    check('hover in a snapshot', node.includes('letters of rwx'), node);
}

const limit = setTimeout(() => {
    check('yaml-language-server answers', false, 'nothing for 40 seconds');
    server.kill();
    process.exit(1);
}, 40000);
run().catch((error) => check('exchange', false, error.stack)).finally(() => {
    clearTimeout(limit);
    server.kill();
    process.exitCode = failed ? 1 : 0;
});
