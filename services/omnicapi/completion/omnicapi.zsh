#compdef omnicapi
# Completion of omnicapi in zsh: source <(omnicapi completion zsh)
_omnicapi() {
  local line text
  local -a found
  for line in "${(@f)$("${(Q)words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      text=${${line%%$'\t'*}//:/\\:}
      [[ $line == *$'\t'* ]] && text+=":${line#*$'\t'}"
      found+=("$text")
    fi
  done
  (( ${#found} )) && _describe omnicapi found
}
compdef _omnicapi omnicapi
