import { parseArgs } from "node:util";
import { startLocalS3 } from "./local-s3.ts";

const USAGE = `Usage: npm run localstack -- [--port 9000] [--directory DIR] [--bucket NAME]...

Starts a local S3 server on 127.0.0.1 until Ctrl-C. Without --directory its data is gone afterwards.`;

const { values } = parseArgs({
	options: {
		port: { type: "string", default: "9000" },
		directory: { type: "string" },
		bucket: { type: "string", multiple: true, default: [] },
		help: { type: "boolean", short: "h", default: false },
	},
});

if (values.help) {
	console.log(USAGE);
} else {
	const server = await startLocalS3({
		port: Number(values.port),
		buckets: values.bucket,
		...(values.directory === undefined ? {} : { directory: values.directory }),
	});
	console.log(`# S3 on ${server.endpoint}, path style; buckets: ${values.bucket.join(" ") || "none yet"}
export AWS_ENDPOINT_URL_S3=${server.endpoint}
export AWS_ACCESS_KEY_ID=${server.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${server.secretAccessKey}
export AWS_REGION=${server.region}`);
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}
