import "../conformance/media-integrity.ts";
