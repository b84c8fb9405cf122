/**
 * What a program does with the types of the package. Compiled by `types.test.ts`, with and without the types
 * of browsers, and never run.
 */
import { createWriteStream } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import {
	abortUploads,
	type Content,
	createZip,
	listUploads,
	Md5Counter,
	planUpload,
	StorageError,
	tap,
	uploadZip,
	type ZipDestination,
	type ZipferryEvent,
	type ZipferryEventListener,
	ZipStream,
} from "zipferry";

/** Exactly these two types: assignable in both directions, and `any` on neither side. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_same: Same<A, B>): void {}

export function answer(zip: ZipStream): Response {
	return new Response(zip.toWebStream(), { headers: { "Content-Type": "application/zip" } });
}

export function request(zip: ZipStream): Request {
	return new Request("https://example.com/", { method: "PUT", body: zip.toWebStream() });
}

export async function send(zip: ZipStream, response: ServerResponse): Promise<void> {
	zip.toReadable().pipe(response);
	const stream: ReadableStream<Uint8Array> = zip.toWebStream();
	const { value } = await stream.getReader().read();
	same<typeof value, Uint8Array | undefined>(true);
	const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
	await zip.toWebStream().pipeTo(writable);
	await readable.cancel();
}

export async function take(response: Response): Promise<ZipStream> {
	const zip = new ZipStream({ level: 9 });
	zip.add("text.txt", "text", { mtime: new Date(0) });
	zip.add("bytes.bin", new Uint8Array(3));
	zip.add("buffer.bin", Buffer.alloc(3));
	zip.add("node.bin", Readable.from(["a"]));
	if (response.body !== null) zip.add("body.bin", response.body);
	zip.add("blob.bin", () => new Blob(["a"]).stream());
	zip.add("blob.txt", new Blob(["a"]));
	zip.add("array-buffer.bin", await response.arrayBuffer());
	zip.add("shared.bin", new SharedArrayBuffer(3));
	zip.add("floats.bin", new Float64Array(3));
	zip.add("promise.bin", response.blob());
	zip.add(
		"promised-stream.bin",
		fetch("https://example.com/").then(({ body }) => body ?? ""),
	);
	zip.add("chunks.bin", [new ArrayBuffer(3), "text", new DataView(new ArrayBuffer(3))]);
	zip.add("number.txt", "a", { mtime: Date.now() });
	zip.add("iso.txt", "a", { mtime: "2026-01-31T12:00:00Z" });
	// @ts-expect-error a promise of what is no content
	zip.add("none.txt", Promise.resolve(5));
	zip.add("web.bin", new ReadableStream<Uint8Array>());
	zip.add("later.bin", async (): Promise<Content> => (await fetch("https://example.com/")).body ?? "");
	zip.add("rows.csv", async function* () {
		yield "a,b\n";
	});
	const md5 = new Md5Counter();
	for await (const chunk of tap(zip, md5)) same<typeof chunk, Uint8Array>(true);
	return zip;
}

export async function make(): Promise<void> {
	const { writable } = new TransformStream<Uint8Array, Uint8Array>();
	const destinations: ZipDestination[] = ["a.zip", createWriteStream("a.zip"), process.stdout, writable];
	for (const destination of destinations) await createZip("./photos", destination, { hash: "sha256" });
	const { size, entryCount, sha256 } = await createZip("./photos", async (chunks, signal) => {
		for await (const chunk of chunks) {
			signal.throwIfAborted();
			same<typeof chunk, Uint8Array>(true);
		}
	});
	same<typeof size, number>(true);
	same<typeof entryCount, number>(true);
	same<typeof sha256, string | undefined>(true);
	createServer((_request, response) => void createZip("./photos", response));
}

const listener: ZipferryEventListener = (event) => {
	if (event.type === "progress") same<typeof event.archiveSize, number>(true);
	if (event.type === "planned") same<typeof event.sizeBound, number | undefined>(true);
	same<typeof event, ZipferryEvent>(true);
};

export async function upload(): Promise<void> {
	const options = { bucket: "b", key: "k", onEvent: listener, signal: AbortSignal.timeout(1000) };
	const { sizeBound, maxPartCount } = await planUpload(["./a", { path: "./b", as: "c" }], options);
	same<typeof sizeBound, number | undefined>(true);
	same<typeof maxPartCount, number | undefined>(true);
	try {
		const { size, partCount, resumedPartCount } = await uploadZip("./a", { ...options, region: undefined });
		console.log(size + partCount + resumedPartCount);
	} catch (error) {
		if (error instanceof StorageError && error.code === "NETWORK") console.log(error.facts.requestId);
	}
	for (const { size, partCount } of await listUploads({ bucket: "b" })) console.log(size, partCount);
	for (const { outcome } of await abortUploads({ bucket: "b" })) {
		// @ts-expect-error there is no such outcome
		if (outcome === "gone") return;
	}
	const keys = { accessKeyId: "id", secretAccessKey: "secret" };
	const provider = async () => ({ ...keys, sessionToken: "token", expiration: new Date() });
	for (const credentials of [keys, provider, undefined])
		await uploadZip("./a", { ...options, endpoint: new URL("https://s3.example.com"), credentials });
	// @ts-expect-error one of the keys is missing
	await uploadZip("./a", { ...options, credentials: { accessKeyId: "id" } });
	// @ts-expect-error the key is missing
	await uploadZip("./a", { bucket: "b" });
}
