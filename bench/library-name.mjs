/** How tables and charts name the library. */
export const OURS = "dynamic-thrift";
