"""The few lines that each shell loads; all of them ask `rusvel completion --words`."""

from __future__ import annotations

BASH = """\
# Completion of rusvel for bash. Load it with: eval "$(rusvel completion bash)"
_rusvel() {
    local word IFS=$'\\n'
    COMPREPLY=()
    for word in $("${COMP_WORDS[0]}" completion --words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
        # bash counts what stands behind the sign as a word of its own.
        if [[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
            word=${word#*=}
        fi
        COMPREPLY+=("$(printf '%q' "$word")")
    done
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o default -F _rusvel rusvel
"""

ZSH = """\
#compdef rusvel
# Completion of rusvel for zsh. Load it with: eval "$(rusvel completion zsh)"
_rusvel() {
    local -a found
    found=("${(@f)$("${words[1]}" completion --words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found:#}")
    if (( ! ${#found} )); then _files; return; fi
    compadd -S '' -- "${(@M)found:#*=}"
    compadd -- "${(@)found:#*=}"
}
if ! (( $+functions[compdef] )); then autoload -Uz compinit && compinit; fi
compdef _rusvel rusvel
"""

FISH = """\
# Completion of rusvel for fish. Load it with: rusvel completion fish | source
function __rusvel_words
    set -l line (commandline -opc) (commandline -ct)
    set -l found ($line[1] completion --words -- $line[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c rusvel -f -a '(__rusvel_words)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
"""By the name of the shell; add yours here."""
