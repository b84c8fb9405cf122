/**
 * Rolling archives night after night: a tree of which a little changes each night, an archive with the last one as its base, and a full
 * one of the same tree beside it. Each is compared with the tree; foreign readers read some.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, machineLine } from "../machine.mjs";
import { align } from "../report.mjs";
import { median } from "../statistics.mjs";
import { findTool } from "../tools.mjs";
import { BUCKET, Storage } from "./storage.mjs";
import { Tree } from "./tree.mjs";

const HELP = `node bench/rolling/nights.mjs [options]

  --kind text|random     kind of files (both, one after the other)
  --scale SHARE          of 5 GiB in 20,000 files (1)
  --nights COUNT         (20)
  --changes SHARE        of the files, each night (0.01)
  --join-runs            short runs are joined by the storage
  --seed NUMBER          (1)
  --full-every NUMBER    a full upload beside it every so many nights (1)
  --external             the storage of AWS_ENDPOINT_URL_S3 and the other variables, instead of the embedded server
  --server-pid PID,...   its processes, whose processor time counts as the server's own copying
  --json FILE            writes all figures
`;
const SIZE = 5 * 1024 ** 3;
const FILES = 20_000;
/** Nights whose archives foreign readers read, and the last one. */
const READ = new Set([1, 10, 20]);
/** What has changed in the three seconds before a run counts as changed in the next one: nights are further apart. */
const APART_MS = 3500;
const BARS = { sent: 0.04, cpu: { text: 0.05, random: 0.25 }, wall: 0.2 };

const { values } = parseArgs({
	options: {
		kind: { type: "string", multiple: true, default: ["text", "random"] },
		scale: { type: "string", default: "1" },
		nights: { type: "string", default: "20" },
		changes: { type: "string", default: "0.01" },
		"join-runs": { type: "boolean", default: false },
		seed: { type: "string", default: "1" },
		"full-every": { type: "string", default: "1" },
		external: { type: "boolean", default: false },
		"server-pid": { type: "string", default: "" },
		json: { type: "string" },
		help: { type: "boolean", default: false },
	},
});
if (values.help) {
	console.log(HELP);
	process.exit();
}
const [scale, nightCount] = [Number(values.scale), Number(values.nights)];
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "zipferry-bench-rolling-"));
const pids = values["server-pid"].split(",").filter(Boolean).map(Number);
console.log(machineLine(describeMachine()));
const storage = await Storage.start({ external: values.external, pids });
const figures = {};
try {
	for (const kind of values.kind) figures[kind] = await runNights(kind);
} finally {
	await storage.end();
	rmSync(folder, { recursive: true, force: true });
}
for (const [kind, nights] of Object.entries(figures)) report(kind, nights);
if (values.json !== undefined)
	writeFileSync(values.json, JSON.stringify({ machine: describeMachine(), scale, figures }, undefined, "\t"));

async function runNights(kind) {
	const root = join(folder, kind);
	mkdirSync(root);
	const fileCount = Math.max(20, Math.round(FILES * scale));
	const tree = new Tree(root, { kind, size: SIZE * scale, fileCount, seed: Number(values.seed) });
	const keyOf = (night) => `${kind}/night-${night}.zip`;
	const nights = [];
	for (let night = 1; night <= nightCount; night++) {
		const changed = night === 1 ? {} : tree.change(Number(values.changes));
		await delay(APART_MS);
		const base = night === 1 ? undefined : `s3://${BUCKET}/${keyOf(night - 1)}`;
		const uploads = [() => upload(root, keyOf(night), base)];
		if (night % Number(values["full-every"]) === 0)
			uploads.push(() => upload(root, `${kind}/full.zip`, undefined));
		// Alternated: what slows the machine for a while slows both.
		const order = night % 2 === 0 ? [0, 1] : [1, 0];
		const results = [];
		for (const index of order) results[index] = uploads[index]?.();
		const [rolled, full] = results;
		if (rolled.note !== undefined) throw new Error(rolled.note);
		verify(keyOf(night), root);
		if (READ.has(night) || night === nightCount) await readByOthers(keyOf(night));
		if (night > 2) await storage.remove(keyOf(night - 2));
		nights.push({ night, changed, rolled, full });
		const sent = ((rolled.size - rolled.copiedSize) / rolled.size) * 100;
		console.log(
			`${kind} ${night}: ${tree.fileCount} files, ${sent.toFixed(1)} % sent, whole and as the tree`,
		);
	}
	await storage.remove(`${kind}/full.zip`);
	rmSync(root, { recursive: true });
	return nights;
}

function upload(root, key, base) {
	const before = storage.cpuMs;
	const more = base === undefined ? [] : ["--base", base, ...(values["join-runs"] ? ["--join-runs"] : [])];
	const args = [path("upload-night.mjs"), root, "--bucket", BUCKET, "--key", key, ...more];
	const { stdout } = run(process.execPath, args);
	const serverCpuMs = before === undefined ? undefined : storage.cpuMs - before;
	return { ...JSON.parse(stdout), serverCpuMs };
}

function verify(key, root) {
	const options = ["--level", "content", "--against", root, "--quiet"];
	run(process.execPath, [path("../../dist/cli/zipferry.cjs"), "verify", `s3://${BUCKET}/${key}`, ...options]);
}

/** What others say of an archive on disk. */
async function readByOthers(key) {
	const archive = join(folder, "archive.zip");
	await storage.download(key, archive);
	const python = "import sys, zipfile; sys.exit(1 if zipfile.ZipFile(sys.argv[1]).testzip() else 0)";
	const readers = {
		unzip: ["-tqq", archive],
		python3: ["-c", python, archive],
		bsdtar: ["-xOf", archive],
		"7z": ["t", archive],
		zip: ["-T", archive],
		jar: ["tf", archive],
	};
	for (const [name, args] of Object.entries(readers)) {
		const tool = findTool(name);
		if (tool === undefined) console.log(`${name} is not there`);
		else run(tool, args);
	}
	rmSync(archive);
}

function run(program, args) {
	const options = {
		env: storage.env,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
		maxBuffer: 2 ** 31,
	};
	const quiet = program.endsWith("bsdtar") ? { ...options, stdio: ["ignore", "ignore", "pipe"] } : options;
	const { status, error, stdout, stderr } = spawnSync(program, args, quiet);
	if (status === 0) return { stdout };
	throw new Error(`${program} ${args.join(" ")} ended with ${status ?? error}: ${stdout ?? ""}${stderr}`);
}

function report(kind, nights) {
	const later = nights.slice(1).filter(({ full }) => full !== undefined);
	if (later.length === 0) return;
	const ratio = (of) => median(later.map(({ rolled, full }) => of(rolled, full)));
	const wallWithoutServer = ({ wallMs, copiedSize, serverCpuMs = 0 }) =>
		Math.max(0, copiedSize > 0 ? wallMs - serverCpuMs : wallMs);
	const rows = [
		["sent", ratio((one, full) => (one.size - one.copiedSize) / full.size), BARS.sent],
		["processor", ratio((one, full) => one.cpuMs / full.cpuMs), BARS.cpu[kind]],
		["wall", ratio((one, full) => one.wallMs / full.wallMs), undefined],
		[
			"wall without the server's own time",
			ratio((one, full) => wallWithoutServer(one) / full.wallMs),
			BARS.wall,
		],
	];
	console.log(`\n${kind}: ${nights.length} nights, median of those with a base beside a full upload`);
	const told = rows.map(([name, value, bar]) => [
		name,
		value.toFixed(3),
		bar === undefined ? "" : `at most ${bar}`,
		bar === undefined ? "" : value <= bar ? "met" : "not met",
	]);
	const peak = Math.max(...later.map(({ rolled }) => rolled.peakMib));
	console.log(align([["share of a full upload", "", "bar", ""], ...told]).join("\n"));
	console.log(
		`peak memory ${peak.toFixed(0)} MiB; not copied: ${JSON.stringify(later.at(-1).rolled.reasons)}`,
	);
}
