#compdef fractary
# Completion of fractary for zsh, made by `fractary completion zsh`.
_fractary_words()
{
    local at='' words='' word previous=${words_so_far[-1]}
    for word in ${words_so_far[@]}; do
        [[ $word == -* ]] && break
        at="${at:+$at }$word"
    done
    case $at in
    '') words='init doctor stacks help completion validate preview deploy resources status teardown plugin infra-manage --help --version' ;;
    'plugin') words='list info --help' ;;
    'infra-manage') words='validate-config preview-changes deploy show-resources check-status teardown --help' ;;
    'init')
        words='--yes --dry-run --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        esac ;;
    'doctor')
        words='--json --quiet --verbose --no-color --project --help --version '
        case $previous in
        esac ;;
    'stacks')
        words='--env --edges --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        esac ;;
    'help')
        words='--json --quiet --verbose --no-color --project --help --version '
        case $previous in
        esac ;;
    'completion')
        words='--json --quiet --verbose --no-color --project --help --version bash zsh fish'
        case $previous in
        esac ;;
    'plugin list')
        words='--json --quiet --verbose --no-color --project --help --version '
        case $previous in
        esac ;;
    'plugin info')
        words='--json --quiet --verbose --no-color --project --help --version '
        case $previous in
        esac ;;
    'validate')
        words='--env --stack --all --changed --since --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'infra-manage validate-config')
        words='--env --stack --all --changed --since --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'preview')
        words='--env --stack --all --changed --since --destroy --detailed-exitcode --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'infra-manage preview-changes')
        words='--env --stack --all --changed --since --destroy --detailed-exitcode --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'deploy')
        words='--env --stack --all --changed --since --ask --detailed-exitcode --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'infra-manage deploy')
        words='--env --stack --all --changed --since --ask --detailed-exitcode --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        --since) words='' ;;
        esac ;;
    'resources')
        words='--env --stack --all --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    'infra-manage show-resources')
        words='--env --stack --all --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    'status')
        words='--env --stack --all --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    'infra-manage check-status')
        words='--env --stack --all --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    'teardown')
        words='--env --stack --all --yes --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    'infra-manage teardown')
        words='--env --stack --all --yes --json --quiet --verbose --no-color --project --help --version '
        case $previous in
        --env) words=$(fractary completion-environments 2>/dev/null) ;;
        --stack) words=$(fractary completion-stacks 2>/dev/null) ;;
        esac ;;
    esac
    [[ $previous == --project ]] && words=''
    print -r -- $words
}
_fractary()
{
    local -a words_so_far found
    words_so_far=(${words[2,CURRENT-1]})
    found=(${=$(_fractary_words)})
    if (( ${#found} )); then compadd -a found; else _files; fi
}
if [[ ${funcstack[1]} == _fractary* ]]; then _fractary; else compdef _fractary fractary; fi
