# blk_add_plugin(<target> SOURCES a.cc ... [LIBRARIES lib ...] [ABOUT about.json] [STATIC_STDLIB])
#
# Builds <build>/plugins/<target>.so and, with `blkc manifest`, <target>.blk.json beside it; BLK_PLUGIN_OUTPUT_DIRECTORY
# names another folder. A wrong declaration fails the build. ABOUT is the author's part of the manifest: vendor, license,
# permissions, run (docs/manifest.md). STATIC_STDLIB links libstdc++ and libgcc into the plugin, for
# hosts with another compiler's runtime.
function(blk_add_plugin target)
  cmake_parse_arguments(ARG "STATIC_STDLIB" "ABOUT" "SOURCES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "blk_add_plugin(${target}): needs SOURCES, does not know ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/blk.map)
  set(folder ${CMAKE_BINARY_DIR}/plugins)
  if(BLK_PLUGIN_OUTPUT_DIRECTORY)
    set(folder ${BLK_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  add_library(${target} MODULE ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${folder} LINK_DEPENDS ${map}
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_libraries(${target} PRIVATE Blockyard::sdk_include ${ARG_LIBRARIES})
  target_link_options(${target} PRIVATE
    -Wl,-z,now -Wl,-z,relro -Wl,--build-id -Wl,--version-script=${map})
  # A sanitizer's runtime is in the host, so a plugin built with one has undefined symbols.
  if(NOT "${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS}" MATCHES "-fsanitize=")
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  if(ARG_STATIC_STDLIB)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()

  set(about)
  if(ARG_ABOUT)
    cmake_path(ABSOLUTE_PATH ARG_ABOUT BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set(about --about ${ARG_ABOUT})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${ARG_ABOUT})
  endif()

  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    COMMAND $<TARGET_FILE:Blockyard::blkc> manifest $<TARGET_FILE:${target}> -o ${folder}/${target}.blk.json ${about}
    COMMENT "Describing the plugin ${target}")
endfunction()
