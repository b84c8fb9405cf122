import { uploadZip } from "../../src/index.ts";

const MiB = 1024 ** 2;
const [endpoint = "", caFile = "", text = ""] = process.argv.slice(2);
const size = Number(text);
const chunk = Buffer.alloc(MiB, 7);

function* content(): Generator<Uint8Array, void, void> {
	for (let sent = 0; sent < size; sent += MiB) yield chunk;
}

await uploadZip(
	{ name: "data", size, content },
	{
		bucket: "memory",
		key: "data.zip",
		method: "store",
		endpoint,
		caFile,
		region: "us-east-1",
		credentials: { accessKeyId: "id", secretAccessKey: "secret" },
	},
);
/** Bytes of memory at the peak. */
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
