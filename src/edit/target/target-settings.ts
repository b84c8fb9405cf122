import { nodeZstd } from "../../bytes/zstd/node-zstd.js";
import { resolveOptions } from "../../options/resolve-options.ts";
import { checkTagsOf } from "../../storage/put/object-tags.ts";
import { type ArchiveMetadata, readArchiveMetadata } from "../../upload/archive-metadata.ts";
import { UPLOAD_SCHEMA, type UploadSettings, type UploadZipOptions } from "../../upload/options.ts";
import { type Level, METHOD_CHOICES } from "../../zip/entry.ts";
import { editedMetadata } from "../archives/edited-metadata.ts";
import { keptSettings } from "../archives/kept-settings.ts";
import type { EditedArchive } from "../archives/open-edited.ts";
import type { Edit, Editing } from "../edit.ts";

/**
 * The settings of the upload that an edit comes to. Its metadata is complete, with ours.
 *
 * @param startedMs - Start of the run, milliseconds since 1970; before anything of the sources was looked at.
 */
export async function targetSettings(
	{ settings, target, upload, sources }: Pick<Edit, "settings" | "target" | "upload" | "sources">,
	archives: readonly EditedArchive[],
	{ connection, report, replaced }: Pick<Editing, "connection" | "report" | "replaced">,
	startedMs: number,
): Promise<UploadSettings> {
	const { signal, onEvent } = settings;
	const facts = archives.map(({ head }) => readArchiveMetadata(head.metadata));
	const own = replaced && readArchiveMetadata(replaced.head.metadata);
	const telling = { signal, onEvent: report.onEvent };
	const resolved = resolveOptions(UPLOAD_SCHEMA, {
		...(replaced && (await keptSettings(replaced, settings, connection, telling))),
		...(replaced && { comment: Buffer.from(replaced.reader.end.comment).toString("utf8") }),
		...(upload.method === undefined ? methodOf(own) : {}),
		...(Object.fromEntries(
			Object.entries(upload).filter(([, value]) => value !== undefined),
		) as typeof upload),
		...target,
		...{ signal, onEvent, hash: "none", allowEmpty: true },
	});
	checkTagsOf(resolved, connection.provider);
	const added =
		sources.length === 0 ? undefined : { method: resolved.method, level: resolved.level, startedMs };
	return { ...resolved, metadata: editedMetadata(resolved.metadata ?? {}, facts, own, added) };
}

/** The method and level that an archive was made with, if they can be asked for here. */
function methodOf(facts: ArchiveMetadata | undefined): Pick<UploadZipOptions, "method" | "level"> {
	const method = METHOD_CHOICES.find((choice) => choice === facts?.method);
	if (facts === undefined || method === undefined) return {};
	if (method === "zstd" && nodeZstd === undefined) return {};
	return { method, level: facts.level as Level }; // its range is checked with all others
}
