#pragma once
// The seam. Whatever another thread, the kernel or the clock can observe goes
// through rt::os, and nothing else does. Three flavours offer one surface
// (contract.h); this file picks one and holds the only flavour #if of runtime/.

#if defined(RT_FLAVOR_PRODUCTION) + defined(RT_FLAVOR_INSTRUMENTED) + defined(RT_FLAVOR_SIMULATED) != 1
#error "exactly one RT_FLAVOR_* must be defined: depend on a flavour of a runtime library, never set it by hand"
#endif

#if defined(RT_FLAVOR_PRODUCTION)
#include "runtime/os/production.h"
namespace rt {
namespace os = os_production;
}
#elif defined(RT_FLAVOR_INSTRUMENTED)
#include "runtime/os/instrumented.h"
namespace rt {
namespace os = os_instrumented;
}
#else
#include "runtime/os/simulated.h"
namespace rt {
namespace os = os_simulated;
}
#endif
