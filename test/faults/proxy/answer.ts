/** A whole HTTP answer. */
export interface Answer {
	readonly status: number;
	readonly headers: readonly (readonly [string, string])[];
	readonly body: Buffer;
	/** White space that comes first and slowly, as AWS sends it while it puts parts together. */
	readonly whiteSpaceMs?: number;
}

/** HTTP status of the errors that are answered by name. */
const STATUS = {
	AccessDenied: 403,
	BadDigest: 400,
	ConditionalRequestConflict: 409,
	EntityTooSmall: 400,
	ExpiredToken: 400,
	InsufficientStorage: 507,
	InternalError: 500,
	InvalidAccessKeyId: 403,
	InvalidObjectState: 403,
	InvalidPart: 400,
	InvalidPartOrder: 400,
	NoSuchBucket: 404,
	NoSuchKey: 404,
	NoSuchUpload: 404,
	NotImplemented: 501,
	PermanentRedirect: 301,
	PreconditionFailed: 412,
	QuotaExceeded: 403,
	RequestTimeTooSkewed: 403,
	RequestTimeout: 400,
	SignatureDoesNotMatch: 403,
	SlowDown: 503,
	TooManyRequests: 429,
} as const;

export type ErrorName = keyof typeof STATUS;

export interface ErrorDetails {
	readonly status?: number;
	readonly message?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly whiteSpaceMs?: number;
}

/** The request id of every answer the proxy makes up. */
const REQUEST_ID = "FAULTPROXY0000001";

/** An error in the words of S3. */
export function errorAnswer(name: ErrorName, details: ErrorDetails = {}): Answer {
	const { status = STATUS[name], message = `${name} by plan`, headers = {}, whiteSpaceMs } = details;
	const document = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${name}</Code><Message>${message}</Message><RequestId>${REQUEST_ID}</RequestId></Error>`;
	return {
		status,
		headers: [
			["content-type", "application/xml"],
			["x-amz-request-id", REQUEST_ID],
			...Object.entries(headers),
		],
		body: Buffer.from(document),
		...(whiteSpaceMs === undefined ? {} : { whiteSpaceMs }),
	};
}

/** What a captive portal or a gateway says, whatever it was asked. */
export function htmlAnswer(status = 200): Answer {
	return {
		status,
		headers: [["content-type", "text/html"]],
		body: Buffer.from("<!doctype html><html><body><h1>Welcome to the hotel</h1></body></html>"),
	};
}

/** An answer without a body. */
export function emptyAnswer(status = 200, headers: Answer["headers"] = []): Answer {
	return { status, headers, body: Buffer.alloc(0) };
}

/** The answer as it goes over the wire, for faults that cut it or slow it down. */
export function encodeAnswer({ status, headers, body }: Answer): Buffer {
	const lines = headers
		.filter(([name]) => !/^(content-length|transfer-encoding|connection)$/i.test(name))
		.map(([name, value]) => `${name}: ${value}\r\n`);
	const head = `HTTP/1.1 ${status} Planned\r\n${lines.join("")}content-length: ${body.byteLength}\r\nconnection: close\r\n\r\n`;
	return Buffer.concat([Buffer.from(head, "latin1"), body]);
}
