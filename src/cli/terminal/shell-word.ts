/** As a shell takes it for one word. */
export function shellWord(text: string): string {
	// A word that begins with "=" is the path of a program in zsh.
	return /^(?!=)[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** An option and its value, which is taken for no option of its own. */
export function optionWords(flag: string, value: string): string {
	return value.startsWith("-") ? `${flag}=${shellWord(value)}` : `${flag} ${shellWord(value)}`;
}
