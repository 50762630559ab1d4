/** The path at which the server answers with a file. @param base Of the routes of files: `/api/media`. */
export function filePath(base: string, name: string): string {
	return `${base}/file/${encodeURIComponent(name)}`;
}
