/**
 * As much of a cluster as `examples/workers/kubernetes/run.sh` asks for: `kubectl` on its path starts this program, which runs the
 * pods of a job at once, with the command instead of the image, and keeps what it knows below `$CLUSTER`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Job } from "kubernetes-models/batch/v1";

import { documentsOf, validateDocuments } from "../kubernetes-documents.ts";

/** As `npm run build` leaves it. */
const MAIN = new URL("../../../dist/cli/zipferry.cjs", import.meta.url).pathname;

const cluster = process.env["CLUSTER"] ?? "";
const [verb = "", ...words] = process.argv.slice(2);

const VERBS: Readonly<Record<string, () => void>> = {
	apply() {
		const [flag, file = ""] = words;
		if (flag !== "-f") throw new Error(`apply ${flag}`);
		const text = readFileSync(file === "-" ? 0 : file, "utf8");
		validateDocuments(text);
		for (const document of documentsOf(text)) runJob(document as Job);
	},
	get() {
		const [kind, name, flag, path] = words;
		if (kind !== "job" || flag !== "-o" || !path?.startsWith("jsonpath=")) throw new Error(words.join(" "));
		process.stdout.write(readFileSync(`${cluster}/${name}.state`, "utf8"));
	},
	logs() {
		const [name = ""] = words;
		process.stdout.write(readFileSync(`${cluster}/${name.replace(/^job\//, "")}.log`));
	},
	create() {
		const [kind, name = "", flag = ""] = words;
		const [, file = ""] = /^--from-file=(.+)$/.exec(flag) ?? [];
		if (kind !== "configmap" || existsSync(`${cluster}/${name}`)) throw new Error(words.join(" "));
		mkdirSync(`${cluster}/${name}`);
		cpSync(file, `${cluster}/${name}/${basename(file)}`);
	},
	delete() {
		for (const name of words.filter((word) => !word.startsWith("--")).map((word) => basename(word)))
			for (const path of [name, `${name}.state`, `${name}.log`])
				rmSync(`${cluster}/${path}`, { recursive: true, force: true });
	},
};

/** Runs its pods until they have succeeded, or failed too often. */
function runJob({ metadata, spec }: Job): void {
	const name = metadata?.name ?? "";
	if (existsSync(`${cluster}/${name}.state`)) throw new Error(`job ${name} is there already`);
	const indexes = spec?.completionMode === "Indexed" ? Array(spec.completions ?? 0).keys() : [undefined];
	const tries = 1 + (spec?.backoffLimitPerIndex ?? spec?.backoffLimit ?? 6);
	const final = spec?.podFailurePolicy?.rules.flatMap(({ action, onExitCodes }) =>
		action === "FailJob" ? (onExitCodes?.values ?? []) : [],
	);
	let state = "SuccessCriteriaMet Complete";
	for (const index of indexes) {
		for (let attempt = 1; ; attempt++) {
			const status = runPod(name, spec, index);
			if (status === 0) break;
			if (attempt < tries && !final?.includes(status)) continue;
			state = "FailureTarget Failed";
			break;
		}
	}
	writeFileSync(`${cluster}/${name}.state`, state);
}

function runPod(name: string, spec: Job["spec"], index: number | undefined): number {
	const [container] = spec?.template.spec?.containers ?? [];
	const [volume] = spec?.template.spec?.volumes ?? [];
	const [mount] = container?.volumeMounts ?? [];
	const word = (text: string) => {
		const here = text.replace("//my-bucket/", `//${process.env["BUCKET"]}/`);
		return mount === undefined
			? here
			: here.replace(mount.mountPath, `${cluster}/${volume?.configMap?.name}`);
	};
	const env = index === undefined ? {} : { JOB_COMPLETION_INDEX: String(index) };
	const args = (container?.args ?? []).map(word);
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
		env: { ...process.env, ...env },
	});
	writeFileSync(`${cluster}/${name}.log`, Buffer.concat([stdout, stderr])); // a pod has one log of both
	writeFileSync(`${cluster}/pods.log`, `${name} ${index ?? "-"} ${status}\n`, { flag: "a" });
	return status ?? 1;
}

const act = VERBS[verb];
if (act === undefined) throw new Error(`kubectl ${verb}`);
act();
