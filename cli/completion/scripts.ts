// SPDX-License-Identifier: Apache-2.0

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** For `kubectl headway`, kubectl's own completion asks a program of this name. */
const FOR_KUBECTL = [
  '# "kubectl headway" is completed by kubectl, which asks the program kubectl_complete-headway; make plugin writes it.',
];

const BASH = [
  '__kubectl_headway() {',
  '  local line directive',
  '  COMPREPLY=()',
  '  while IFS= read -r line; do',
  '    case $line in',
  '      :*) directive=$line ;;',
  `      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;`,
  '    esac',
  '  done < <(kubectl-headway __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)',
  '  if [[ $directive == :0 ]]; then compopt -o default; fi',
  '}',
  'complete -F __kubectl_headway kubectl-headway',
];

const ZSH = [
  '_kubectl_headway() {',
  '  local line directive',
  '  local -a candidates',
  '  while IFS= read -r line; do',
  '    case $line in',
  '      :*) directive=$line ;;',
  `      *$'\\t'*) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;`,
  '      *) candidates+=("${line//:/\\\\:}") ;;',
  '    esac',
  '  done < <(kubectl-headway __complete "${(@)words[2,CURRENT]}" 2>/dev/null)',
  '  if [[ $directive == :0 ]]; then _files; else _describe kubectl-headway candidates; fi',
  '}',
  'compdef _kubectl_headway kubectl-headway',
];

const FISH = [
  'function __kubectl_headway',
  '  set -l words (commandline -opc) (commandline -ct)',
  "  kubectl-headway __complete $words[2..] 2>/dev/null | string match -v -r '^:'",
  'end',
  "complete -c kubectl-headway -f -a '(__kubectl_headway)'",
];

const SOURCES: Readonly<
  Record<Shell, { readonly first: readonly string[]; readonly body: readonly string[] }>
> = {
  bash: { first: ['# source <(kubectl headway completion bash)'], body: BASH },
  zsh: { first: ['#compdef kubectl-headway', '# source <(kubectl headway completion zsh)'], body: ZSH },
  fish: { first: ['# kubectl headway completion fish | source'], body: FISH },
};

/** What a shell reads to complete `kubectl-headway`. */
export function completionScript(shell: Shell): string {
  const { first, body } = SOURCES[shell];
  return `${[...first, ...FOR_KUBECTL, ...body].join('\n')}\n`;
}
