import "../../../conformance/media-sweep.ts";
