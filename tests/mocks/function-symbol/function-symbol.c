/* Exports its entry's name as a function. */
__attribute__((visibility("default"))) void fractary_plugin_entry(void);

void fractary_plugin_entry(void)
{
}
