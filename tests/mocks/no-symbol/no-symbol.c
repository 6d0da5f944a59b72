/* Exports nothing. */
#include "../mock.h"

int mock_nothing(void);

int mock_nothing(void)
{
    return 0;
}
