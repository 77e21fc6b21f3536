// What the rooms use of the `yaml` package. A name they import must stand here, or it is missing from the built programs.
export { Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
