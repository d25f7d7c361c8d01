/**
 * Says what is wrong in a project's own files and in our declarations, strictly, as `tsc` does; but does not check the
 * libraries' declarations too, on which `tsc` spends four fifths of its time and which are not ours to mend.
 */

import { createRequire } from "node:module";

const [compiler, project] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(compiler);
const host = { getCurrentDirectory: () => "", getCanonicalFileName: (name) => name, getNewLine: () => "\n" };

const parsed = ts.getParsedCommandLineOfConfigFile(project, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail });
const program = ts.createProgram(parsed.fileNames, parsed.options);
const ours = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("/node_modules/"));
fail(...parsed.errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics());
for (const file of ours) fail(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
console.log(ours.map(({ fileName }) => fileName).join("\n"));

function fail(...found) {
  if (found.length) throw new Error(ts.formatDiagnostics(found, host));
}
