/**
 * Dynamic Thrift for TypeScript.
 *
 * ```
 *  IDL text ── parseIdl, loadIdl ──▶ Idl ── struct, type, service ──▶ descriptors: the types below
 *
 *  JSON text ── jsonToThrift(type) ──▶ ┌────────┐ ◀──▶ ThriftNode  a view of one value, by field ids
 *            ◀── thriftToJson(type) ── │ Thrift │ ◀──▶ Value       a view with its type: read, edit, project
 *  JavaScript ── Value.of(type, …) ──▶ │ bytes  │ ◀──▶ Dom         an editable tree, for many edits
 *  value     ◀── value.toJS() ──────── └────────┘ ◀──▶ message     readEnvelope, writeEnvelope
 * ```
 *
 * Descriptors are immutable and shared. A converter runs a program that is compiled once per type and options, and
 * keeps no state between calls. Inputs are only read; results belong to the caller.
 *
 * @module
 */
import type { DeclaredExceptionError } from "./conv/convert-error.ts";
import { type ErrorCode, isThriftError as isErrorOfLibrary, type ThriftError } from "./errors.ts";
import type { IdlError } from "./idl/diagnostics.ts";

export {
  type AnnotationRegistryOptions,
  type AnnotationResolver,
  builtinAnnotations,
  createAnnotationRegistry,
} from "./annotation/registry.ts";
export {
  type CallContext,
  type FieldSink,
  type FieldSource,
  type MaskRule,
  type MaskTree,
  mergeThriftBase,
  type ThriftBase,
} from "./conv/context.ts";
export { ConvertError, DeclaredExceptionError } from "./conv/convert-error.ts";
export type {
  ConversionOptions,
  JsonToThriftOptions,
  MissingAction,
  MissingOptions,
  ThriftToJsonOptions,
} from "./conv/options.ts";
export type { Annotations } from "./descriptor/annotations.ts";
export type {
  HttpEndpoint,
  HttpMapping,
  HttpPlace,
  JsonToThriftContext,
  MappingContext,
  ThriftToJsonContext,
  ValueMapping,
} from "./descriptor/mapping.ts";
export type {
  AnnotationRegistry,
  NamingCase,
  ResolvedField,
  ResolvedMethod,
} from "./descriptor/registry.ts";
export type { FieldKeys } from "./descriptor/struct.ts";
export type {
  ConstantDescriptor,
  EnumDescriptor,
  EnumMember,
  FieldDescriptor,
  FieldMappings,
  ListDescriptor,
  LiteralStruct,
  LiteralValue,
  MapDescriptor,
  MethodDescriptor,
  Requiredness,
  ScalarDescriptor,
  ScalarKind,
  ServiceDescriptor,
  SetDescriptor,
  StreamingMode,
  StructDescriptor,
  TypeDescriptor,
} from "./descriptor/types.ts";
export { Dom, type DomBytesOptions, type DomOptions } from "./dom/dom.ts";
export { DomNode } from "./dom/dom-node.ts";
export type { DomPoolStats } from "./dom/tape.ts";
export { type ErrorCode, type ErrorDetails, ThriftError } from "./errors.ts";
export { type Diagnostic, type DiagnosticNote, IdlError } from "./idl/diagnostics.ts";
export { type Idl, loadIdl, loadIdlSync, parseIdl } from "./idl/idl.ts";
export type { IncludedSource } from "./idl/includes.ts";
export type { IdlOptions } from "./idl/options.ts";
export { type JsonToThriftConverter, jsonToThrift } from "./j2t/converter.ts";
export type { KernelOption } from "./kernel/choose.ts";
export { encodeLiteral, type LiteralOptions, type MissingRules } from "./literal/encode.ts";
export { ValueError } from "./literal/value-error.ts";
export type { NodeInput } from "./node/construct.ts";
export { ThriftNode } from "./node/thrift-node.ts";
export type { ViewOptions } from "./node/view.ts";
export { CompiledPath } from "./path/compiled-path.ts";
export { formatPath } from "./path/format.ts";
export { PathError } from "./path/path-error.ts";
export { FieldId, fieldId, type Path, type PathStep } from "./path/step.ts";
export { ByteWriter, type ByteWriterOptions } from "./pool/byte-writer.ts";
export { type ThriftToJsonConverter, thriftToJson } from "./t2j/converter.ts";
export type { DeleteOptions, SetOptions } from "./value/edit-options.ts";
export type { EmptyOptions } from "./value/empty.ts";
export type { ProjectOptions } from "./value/project.ts";
export { compilePath, parsePath } from "./value/route.ts";
export type { ToJsOptions } from "./value/to-js.ts";
export { Value, type ValueOfOptions } from "./value/value.ts";
export {
  type ApplicationException,
  ApplicationExceptionType,
  applicationExceptionTypeName,
  readApplicationException,
  writeApplicationException,
} from "./wire/application-exception.ts";
export { createReader, createWriter, skipValue } from "./wire/checked.ts";
export {
  type Envelope,
  type MessageType,
  type ReadEnvelope,
  type ReadEnvelopeOptions,
  readEnvelope,
  type WriteEnvelopeOptions,
  writeEnvelope,
} from "./wire/envelope.ts";
export { type Limits, type ResolvedLimits, resolveLimits } from "./wire/limits.ts";
export type { ReaderOptions, WireReader } from "./wire/reader.ts";
export { type TranscodeOptions, transcode } from "./wire/transcode.ts";
export { type Protocol, TType } from "./wire/ttype.ts";
export { WireError } from "./wire/wire-error.ts";
export type { WireWriter } from "./wire/writer.ts";

/** The error that has a code: that class, where only one class has it. */
export type ThriftErrorOf<Code extends ErrorCode> = Code extends "INVALID_IDL"
  ? IdlError
  : Code extends "EXCEPTION"
    ? DeclaredExceptionError
    : ThriftError & { readonly code: Code };

/**
 * Whether `value` is an error of this library, from any copy of it; with `code`, whether it is that error. Its type
 * follows from the code: that of `INVALID_IDL` is an `IdlError`, that of `EXCEPTION` a `DeclaredExceptionError`.
 */
export function isThriftError<Code extends ErrorCode>(
  value: unknown,
  code: Code,
): value is ThriftErrorOf<Code>;
export function isThriftError(value: unknown, code?: ErrorCode): value is ThriftError;
export function isThriftError(value: unknown, code?: ErrorCode): boolean {
  return isErrorOfLibrary(value, code);
}
