# Language level, warnings and hardening. The flags are those of the house style; -Werror only in presets.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPERIMENTAL_CXX_MODULE_DYNDEP 0)

option(HR_WERROR "treat warnings as errors" OFF)
option(HR_TESTS "the tests are wanted: without cmocka the configuration fails" OFF)
option(HR_PHONE "phone numbers by libphonenumber" ON)
set(HR_SANITIZE "" CACHE STRING "address,undefined or thread")
option(HR_FUZZ "build the libFuzzer targets (clang)" OFF)
option(HR_COVERAGE "instrument for coverage" OFF)
set(HR_PLANT "" CACHE STRING "a planted fault for the simulator to catch (tests/sim/README.md)")

add_library(hr_flags INTERFACE)
target_include_directories(hr_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(hr_flags INTERFACE
    -Wall -Wextra -Wshadow -Wundef -Wformat=2 -Wcast-qual -Wswitch-enum -Wimplicit-fallthrough
    -Wnull-dereference -Wdouble-promotion -Wfloat-equal -Wconversion -Wsign-conversion -Wvla
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes$<SEMICOLON>-Wmissing-prototypes>
    $<$<C_COMPILER_ID:GNU>:-Wlogical-op$<SEMICOLON>-Wduplicated-cond$<SEMICOLON>-Wduplicated-branches>
    -fstack-protector-strong -fstack-clash-protection -ffp-contract=off -fno-strict-aliasing
    $<$<BOOL:${HR_WERROR}>:-Werror>)
target_compile_definitions(hr_flags INTERFACE _GNU_SOURCE HR_VERSION="${PROJECT_VERSION}")
target_link_options(hr_flags INTERFACE -pie -Wl,-z,relro,-z,now)
if(CMAKE_BUILD_TYPE MATCHES "^Rel" AND NOT HR_SANITIZE)
    target_compile_options(hr_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

# What people run and what is measured is optimised as one piece: the rooms as fat objects, so that all other programs
# link as quickly as ever.
add_library(hr_fast INTERFACE)
if(CMAKE_BUILD_TYPE MATCHES "^Rel" AND NOT HR_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(hr_fast INTERFACE -O3 -flto -ffat-lto-objects)
    target_link_options(hr_flags INTERFACE
        $<IF:$<BOOL:$<TARGET_PROPERTY:HR_WHOLE>>,-flto=auto,-fno-lto$<SEMICOLON>-fno-use-linker-plugin>)
endif()
function(hr_whole program)
    set_target_properties(${program} PROPERTIES HR_WHOLE ON)
    target_link_libraries(${program} PRIVATE hr_fast)
endfunction()

foreach(language C CXX)   # assertions stay on in release
    foreach(type RELEASE RELWITHDEBINFO MINSIZEREL)
        string(REPLACE "-DNDEBUG" "" CMAKE_${language}_FLAGS_${type} "${CMAKE_${language}_FLAGS_${type}}")
    endforeach()
endforeach()
if(HR_SANITIZE)
    target_compile_options(hr_flags INTERFACE -fsanitize=${HR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
    target_link_options(hr_flags INTERFACE -fsanitize=${HR_SANITIZE})
endif()
if(HR_FUZZ)   # the rooms report their coverage to the fuzzer; only the fuzzers link its main()
    target_compile_options(hr_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HR_COVERAGE)
    target_compile_options(hr_flags INTERFACE --coverage)
    target_link_options(hr_flags INTERFACE --coverage)
endif()
