// The cases of the npm package @bufbuild/cel-spec (CEL's own conformance suite as data) as lines of JSON that
// cel_spec_test.c reads: node tests/conformance/cel_cases.mjs > FILE
// Values are written as src/expr/wire.h has them. What only protocol buffers can say is told under "needs"; whether a
// case is left out is decided, and counted, by the test.
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";

class Needs extends Error {}

const bytesOf = (value) => ({ type: "bytes", value });

function wellKnown(object) {
    const type = object["@type"].replace(/^.*\//, "");
    if (type === "google.protobuf.Timestamp") return { type: "timestamp", value: object.value };
    if (type === "google.protobuf.Duration") return { type: "duration", value: object.value };
    throw new Needs("protobuf messages");
}

function real(value) {
    if (typeof value === "string") return { type: "double", value };
    return { type: "double", value: Object.is(value, -0) ? "-0.0" : value };
}

// A cel.expr.Value in the JSON form of protocol buffers.
function valueOf(value) {
    const kind = Object.keys(value)[0];
    const held = value[kind];
    switch (kind) {
        case "nullValue": return null;
        case "boolValue": return held;
        case "int64Value": return { type: "int", value: held };
        case "uint64Value": return { type: "uint", value: held };
        case "doubleValue": return real(held);
        case "stringValue": return held;
        case "bytesValue": return bytesOf(held);
        case "typeValue": return { type: "type", value: held };
        case "listValue": return (held.values ?? []).map(valueOf);
        case "mapValue":
            return { type: "map", value: (held.entries ?? []).map((e) => [valueOf(e.key), valueOf(e.value)]) };
        case "enumValue": throw new Needs("protobuf enums");
        case "objectValue": return wellKnown(held);
        default: throw new Error(`a value of kind ${kind}`);
    }
}

const primitives = { BOOL: "bool", INT64: "int", UINT64: "uint", DOUBLE: "double", STRING: "string", BYTES: "bytes" };
const wellKnownTypes = { TIMESTAMP: "google.protobuf.Timestamp", DURATION: "google.protobuf.Duration" };

// A cel.expr.Type as CEL writes it.
function typeOf(type) {
    const kind = Object.keys(type)[0];
    const held = type[kind];
    switch (kind) {
        case "primitive": return primitives[held];
        case "dyn": return "dyn";
        case "null": return "null";
        case "listType": return `list(${typeOf(held.elemType)})`;
        case "mapType": return `map(${typeOf(held.keyType)}, ${typeOf(held.valueType)})`;
        case "abstractType":
            if (held.name === "optional_type") return `optional_type(${typeOf(held.parameterTypes[0])})`;
            throw new Needs("functions and types that a host declares");
        case "wellKnown":
            if (wellKnownTypes[held]) return wellKnownTypes[held];
            throw new Needs("protobuf messages");
        case "wrapper": throw new Needs("protobuf wrappers");
        case "messageType": throw new Needs("protobuf messages");
        case "type": return "type";
        default: throw new Error(`a type of kind ${kind}`);
    }
}

function declarations(test) {
    return (test.typeEnv ?? []).map((declared) => {
        if (declared.function) throw new Needs("functions and types that a host declares");
        return { name: declared.name, type: typeOf(declared.ident.type) };
    });
}

function bindings(test) {
    const bound = {};
    for (const [name, value] of Object.entries(test.bindings ?? {})) {
        if (!value.value) throw new Needs("unknown values");
        bound[name] = valueOf(value.value);
    }
    return bound;
}

// What a case says; what protocol buffers alone can say makes `needs`.
function caseOf(path, { original: test, type }) {
    const line = { path, name: test.name, expr: test.expr, container: test.container ?? "" };
    line.check = !test.disableCheck;
    line.only_check = Boolean(test.checkOnly);
    line.error = Boolean(test.evalError || test.anyEvalErrors);
    if (typeof type === "string" && !test.disableCheck) line.type = type;
    try {
        line.names = declarations(test);
        line.vars = bindings(test);
        const wanted = test.value ?? test.typedResult?.result;
        if (wanted) line.value = valueOf(wanted);
        if (test.typedResult?.deducedType) line.type = typeOf(test.typedResult.deducedType);
        if (test.unknown || test.anyUnknowns) throw new Needs("unknown values");
    } catch (error) {
        if (!(error instanceof Needs)) throw error;
        line.needs = error.message;
    }
    return line;
}

function walk(suite, path, lines) {
    for (const inner of suite.suites ?? []) walk(inner, path === "" ? inner.name : `${path}.${inner.name}`, lines);
    for (const test of suite.tests ?? []) lines.push(JSON.stringify(caseOf(path, test)));
    return lines;
}

process.stdout.write(walk(tests, "", []).join("\n") + "\n");
