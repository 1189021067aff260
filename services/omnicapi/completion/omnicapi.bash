# Completion of omnicapi in bash: source <(omnicapi completion bash)
_omnicapi() {
  local self=${COMP_WORDS[0]/#\~/$HOME} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then return; fi # bash offers files itself
    COMPREPLY+=("${line%%$'\t'*}")
  done < <("$self" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  compopt +o default 2>/dev/null || true # no files; bash 3 of macOS cannot, and offers them
}
complete -o default -F _omnicapi omnicapi
