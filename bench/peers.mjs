import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import { buildGo, findTool, output, pythonZipstream } from "./tools.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The environment that makes every S3 client talk to the sink, and to nothing else.
 *
 * @param authority - File with the certificate that is to be trusted.
 */
export function s3Environment(endpoint, authority) {
	return {
		...(authority && { NODE_EXTRA_CA_CERTS: authority, AWS_CA_BUNDLE: authority }),
		AWS_ENDPOINT_URL: endpoint,
		AWS_REGION: "us-east-1",
		AWS_DEFAULT_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "bench",
		AWS_SECRET_ACCESS_KEY: "bench",
		AWS_CONFIG_FILE: "/dev/null",
		AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
		AWS_EC2_METADATA_DISABLED: "true",
		AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
	};
}

/**
 * Everyone that can be compared. `missing` says what is not on this machine; `create` and `upload` give the
 * command for `{ method, folder, object }`, or nothing where the peer cannot do it. An archive goes to
 * stdout, an object is `bucket/key`.
 */
export function findPeers() {
	const tools = ["zip", "unzip", "aws", "bsdtar", "pigz", "python3", "7z"];
	const [zip, unzip, aws, bsdtar, pigz, python, sevenZip] = tools.map(findTool);
	const packageOfPython = pythonZipstream(python);
	const boto3 = python && output(python, "-c", "import boto3") !== undefined;
	const go = buildGo();
	const need = (found, what) => (found ? undefined : `${what} is not installed`);
	return {
		zipferry: { ...zipferry([]), download: downloadFrom("download-zipferry") },
		"zipferry deflate": { ...zipferry([], "deflate"), upload: undefined },
		"zipferry level 3": { ...zipferry(["--level", "3"]), upload: undefined },
		"zipferry lib-storage": { ...zipferry(["--transport", "lib-storage"]), create: undefined },
		archiver: {
			...javascript("archiver"),
			"create-from-bucket": fromBucket("archiver-bucket"),
			download: downloadFrom("download-archiver"),
		},
		yazl: javascript("yazl"),
		"zip-stream": javascript("zip-stream"),
		"client-zip": storesOnly(javascript("client-zip")),
		"zip.js": javascript("zip-js"),
		"node:zlib": { ...javascript("node-zlib"), missing: need(zlib.createZipArchive, "Node 26.8") },
		zipstream: { ...inPython(python, boto3), missing: need(packageOfPython === "old", "Python zipstream") },
		"zipstream-ng": { ...inPython(python, boto3), missing: need(packageOfPython === "ng", "zipstream-ng") },
		zip: { missing: need(zip, "zip"), create: (job) => shell(job, infoZip(zip, job)) },
		"zip | aws": {
			missing: need(zip, "zip") ?? need(aws, "aws"),
			upload: (job) =>
				shell(job, `${infoZip(zip, job)} | ${aws} s3 cp --only-show-errors - s3://${job.object}`),
		},
		bsdtar: {
			missing: need(bsdtar, "bsdtar"),
			create: (job) => shell(job, `${bsdtar} -cf - --format zip --options ${bsdtarOptions(job)} .`),
			extract: ({ archive, target }) => ({ command: [bsdtar, "-xf", archive, "-C", target] }),
		},
		unzip: {
			missing: need(unzip, "unzip"),
			extract: ({ archive, target }) => ({ command: [unzip, "-q", archive, "-d", target] }),
		},
		"7z": {
			missing: need(sevenZip, "7z"),
			extract: ({ archive, target }) => ({ command: [sevenZip, "x", "-bd", "-y", `-o${target}`, archive] }),
		},
		python: {
			missing: need(python, "python3"),
			extract: ({ archive, target }) => ({ command: [python, "-m", "zipfile", "-e", archive, target] }),
		},
		"aws, unzip": {
			missing: need(aws, "aws") ?? need(unzip, "unzip"),
			"extract-from-bucket": (job) => downloadAndUnzip(aws, unzip, job),
		},
		"Go archive/zip": {
			missing: need(go, "go"),
			create: ({ method, folder }) => ({ command: [go, method, folder] }),
		},
		"pigz -p2": {
			missing: need(pigz, "pigz"),
			create: (job) => shell(job, `find . -type f -print0 | xargs -0 cat | ${pigz} -6 -p2`),
		},
	};
}

function zipferry(extra, forced) {
	const cli = [process.execPath, here("../dist/cli/zipferry.cjs")];
	const options = ({ method }) => ["--quiet", "--method", forced ?? method, ...extra];
	return {
		create: (job) => ({ command: [...cli, "create", ...options(job), job.folder, "-"] }),
		"create-from-bucket": (job) => ({
			command: [...cli, "create", ...options(job), `s3://${job.bucket}/`, "-"],
		}),
		upload: (job) => ({ command: [...cli, "upload", ...options(job), job.folder, `s3://${job.object}`] }),
		extract: ({ archive, target }) => ({ command: [...cli, "extract", "--quiet", archive, "-C", target] }),
		"extract-from-bucket": ({ object, target }) => ({
			command: [...cli, "extract", "--quiet", `s3://${object}`, "-C", target],
		}),
	};
}

/** What one does without ranges: the whole archive comes first, and needs room. */
function downloadAndUnzip(aws, unzip, { object, target }) {
	const archive = `${target}.zip`;
	const script = `${aws} s3 cp --only-show-errors s3://${object} ${archive} && ${unzip} -q ${archive} -d ${target} && rm ${archive}`;
	return { command: ["sh", "-c", script] };
}

function javascript(name) {
	const program = [process.execPath, here(`peers/${name}.mjs`)];
	return {
		create: ({ method, folder }) => ({ command: [...program, method, folder, "-"] }),
		upload: ({ method, folder, object }) => ({ command: [...program, method, folder, object] }),
	};
}

/** A program that makes an archive of all objects of a bucket. */
function fromBucket(name) {
	return ({ bucket }) => ({ command: [process.execPath, here(`peers/${name}.mjs`), bucket] });
}

/** A server in one process with the archive as its only answer, which it has curl fetch. */
function downloadFrom(name) {
	return ({ folder }) => ({ command: [process.execPath, here(`peers/${name}.mjs`), folder] });
}

function storesOnly({ create, upload }) {
	const ifStored = (make) => (job) => (job.method === "store" ? make(job) : undefined);
	return { create: ifStored(create), upload: ifStored(upload) };
}

function inPython(python, boto3) {
	const program = [python, here("peers/python_zipstream.py")];
	return {
		create: ({ method, folder }) => ({ command: [...program, method, folder, "-"] }),
		...(boto3 && {
			upload: ({ method, folder, object }) => ({ command: [...program, method, folder, object] }),
		}),
	};
}

function shell({ folder }, script) {
	return { command: ["bash", "-o", "pipefail", "-c", script], cwd: folder };
}

function infoZip(zip, { method }) {
	return `${zip} -q -r ${method === "store" ? "-0" : "-6"} - .`;
}

function bsdtarOptions({ method }) {
	return method === "store" ? "zip:compression=store" : "zip:compression-level=6";
}
