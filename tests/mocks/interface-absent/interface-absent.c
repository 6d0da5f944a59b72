/* Provides an interface in its manifest only. */
#include "../mock.h"

MOCK_GET("org.example.other/1", instance)
MOCK_ENTRY("interface-absent", MOCK_FUNCTIONS)
