/** What the tests of Thrift→JSON call. */
export { isAscii, thriftToJson } from "../thrift-to-json";
export { toUtf16 } from "../to-utf16";
