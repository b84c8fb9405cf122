import mime from "mime";

/** How a browser is to take a file. */
export interface FileType {
	/** Header `Content-Type`. */
	readonly contentType: string;
	/** Whether it may be shown at once; otherwise it is saved. */
	readonly inline: boolean;
	/** Header `Content-Security-Policy`, for what could run scripts with the rights of the whole server. */
	readonly policy: string | undefined;
}

/** Documents that can have scripts in them. */
const ACTIVE = /^(text\/html|text\/xml|application\/xml|text\/xsl|.*\+xml)$/;

/** What browsers show, and what can do nothing. */
const SHOWN = /^(text|image|audio|video)\/|^application\/(pdf|json)$/;

const TEXT = /^text\/|^application\/json$/;

/** Such a document is shown as if it were of an origin of its own, without scripts, forms and what it would load. */
const SANDBOX =
	"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

/** The type of a file, by its name alone. */
export function fileType(name: string): FileType {
	const type = mime.getType(name) ?? "application/octet-stream";
	const isActive = ACTIVE.test(type);
	return {
		contentType: TEXT.test(type) ? `${type}; charset=utf-8` : type,
		inline: isActive || SHOWN.test(type),
		policy: isActive ? SANDBOX : undefined,
	};
}
