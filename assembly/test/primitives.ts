// What test/kernel/primitives.test.ts calls.
export { base64End, readBase64, readBase64ToQuote, writeBase64 } from "../base64";
export { numberEnd, readDouble } from "../read-double";
export { integerEnd, readInteger } from "../read-integer";
export { readUuid, writeUuid } from "../uuid";
export { writeDouble } from "../write-double";
export { writeInt32, writeInt64 } from "../write-integer";
