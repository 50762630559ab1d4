import "../conformance/media-images.ts";
